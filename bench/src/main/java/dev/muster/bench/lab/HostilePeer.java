package dev.muster.bench.lab;

import dev.muster.agent.enrol.Invitation;
import dev.muster.agent.enrol.Member;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.LinkLimits;
import dev.muster.protocol.net.PeerLink;
import dev.muster.protocol.net.PeerListener;
import dev.muster.protocol.net.TlsPeerNetwork;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Bitfield;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// A host with a good certificate and bad manners, as a process of its own. It has the whole image, as a file
/// whose bytes are packed in their order, says so to everybody who takes part in its swarm, and answers
/// requests as its kind does:
///
/// `HostilePeer KIND HOME COORDINATOR TOKEN_FILE ROOT ADDRESS SITE IMAGE PEERS`. It dials whoever the file
/// PEERS names, as `HOST SITE ADDRESS` a line; it prints its id, and a line when it sends wrong bytes for the
/// first time.
final class HostilePeer implements PeerListener {
    private static final Duration DRIP = Duration.ofSeconds(6);
    private static final int ENDLESS = 8;

    /// What it prints when it sends wrong bytes.
    static final String WRONG = "wrong";

    private final Kind kind;
    private final FileChannel image;
    private boolean wasWrong;
    private final Map<ManifestId, Integer> chunks = new ConcurrentHashMap<>();
    private final ScheduledExecutorService later =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

    private HostilePeer(Kind kind, FileChannel image) {
        this.kind = kind;
        this.image = image;
    }

    /// What is wrong with it.
    enum Kind {
        /// The last frame of each chunk has a wrong bit.
        WRONG_BYTES(true),
        /// The next chunk comes instead of the one that was asked for.
        WRONG_CHUNK(true),
        /// Everything comes but the last frame.
        STALL(false),
        /// A frame comes now and then, often enough not to count as stalled.
        DRIP(false),
        /// What was asked for comes again and again.
        ENDLESS(false),
        /// It has nothing of what it says.
        FALSE_BITFIELD(false);

        private final boolean wrong;

        Kind(boolean wrong) {
            this.wrong = wrong;
        }

        /// Whether it sends what can be proven to be wrong, so that it must be named.
        boolean isWrong() {
            return wrong;
        }
    }

    /// @param args as above
    public static void main(String[] args) throws IOException, InterruptedException {
        Path home = Path.of(args[1]);
        String token = Files.readString(Path.of(args[3])).strip();
        Invitation invitation = new Invitation(
                List.of(Address.parse(args[2])), token, Hash.parse(args[4]), args[5], args[6], new TreeMap<>());
        Member.enrol(home, invitation);
        try (Member member = Member.load(home);
                FileChannel image = FileChannel.open(Path.of(args[7]))) {
            HostilePeer peer = new HostilePeer(Kind.valueOf(args[0]), image);
            Address listen = new Address(args[5], 7410);
            try (TlsPeerNetwork network = TlsPeerNetwork.open(
                    listen, args[6], member.keys(), member.peerTrust(), LinkLimits.defaults(), peer)) {
                System.out.println(member.enrolled().host());
                for (String line : Files.readAllLines(Path.of(args[8]))) {
                    String[] words = line.split(" ", 3);
                    network.connect(new PeerAddress(words[0], words[1], Address.parse(words[2])));
                }
                new CountDownLatch(1).await();
            }
        }
    }

    @Override
    public void connected(PeerLink link) {
        chunks.forEach((manifest, count) -> link.send(new Message.Participate(manifest, Bitfield.full(count))));
    }

    @Override
    public void received(PeerLink link, Message message) {
        switch (message) {
            case Message.Participate(ManifestId manifest, Bitfield have) -> {
                chunks.put(manifest, have.size());
                link.send(new Message.Participate(manifest, Bitfield.full(have.size())));
            }
            case Message.Request request -> later.execute(() -> answer(link, request));
            case Message.Credit credit ->
                link.send(new Message.Refuse(credit.request(), Message.Refuse.Reason.NOTHING_NEW, 0));
            case Message.GetHead get -> link.send(new Message.NotHere(get.manifest().hash()));
            case Message.GetPage get -> link.send(new Message.NotHere(get.page()));
            case Message.GetDocument get -> link.send(new Message.NotHere(get.document()));
            case Message.GetHeaders get -> link.send(new Message.NotHere(get.manifest().hash()));
            default -> {} // It does not listen.
        }
    }

    private void answer(PeerLink link, Message.Request request) {
        if (kind == Kind.FALSE_BITFIELD) {
            link.send(new Message.Refuse(request.request(), Message.Refuse.Reason.NOT_HERE, 0));
            return;
        }
        try {
            int count = chunks.getOrDefault(request.manifest(), 1);
            int index = kind == Kind.WRONG_CHUNK ? (request.chunk() + 1) % count : request.chunk();
            ByteBuffer bytes = chunk(index, count);
            if (request.header()) {
                link.send(new Message.Header(request.request(), request.chunk(), ChunkHeader.hash(bytes.duplicate())));
            }
            send(link, request, bytes);
        } catch (IOException e) {
            throw new IllegalStateException("the image cannot be read", e);
        }
    }

    private void send(PeerLink link, Message.Request request, ByteBuffer bytes) {
        int frames = Math.ceilDiv(bytes.remaining(), Frame.RAW_BYTES);
        long wait = 0;
        for (int round = 0; round < (kind == Kind.ENDLESS ? ENDLESS : 1); round++) {
            for (int frame = 0; frame < frames; frame++) {
                boolean last = frame == frames - 1;
                if ((request.frames() & 1 << frame) == 0 || (last && kind == Kind.STALL)) {
                    continue;
                }
                ByteBuffer part = part(bytes, frame);
                if (kind == Kind.WRONG_CHUNK || (last && kind == Kind.WRONG_BYTES)) {
                    part.put(0, (byte) (part.get(0) ^ 1));
                    sayWrong();
                }
                Message data = new Message.Data(request.request(), frame, new Frame(Frame.Codec.RAW, part));
                if (kind == Kind.DRIP) {
                    wait += DRIP.toMillis();
                    later.schedule(() -> link.send(data), wait, TimeUnit.MILLISECONDS);
                } else {
                    link.send(data);
                }
            }
        }
    }

    private void sayWrong() {
        if (!wasWrong) {
            wasWrong = true;
            System.out.println(WRONG);
        }
    }

    private static ByteBuffer part(ByteBuffer bytes, int frame) {
        int from = frame * Frame.RAW_BYTES;
        int length = Math.min(Frame.RAW_BYTES, bytes.remaining() - from);
        return ByteBuffer.allocate(length).put(bytes.slice(from, length)).flip();
    }

    /// @param count of how many chunks
    private ByteBuffer chunk(int index, int count) throws IOException {
        long blocks = image.size() / Block.BYTES;
        int length = (int) Math.ceilDiv(blocks, (long) count) * Block.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, image.size() - index * (long) length));
        long at = index * (long) length;
        while (bytes.hasRemaining()) {
            int read = image.read(bytes, at + bytes.position());
            if (read < 0) {
                throw new IOException("the image ends at " + (at + bytes.position()));
            }
        }
        return bytes.flip();
    }

    @Override
    public void drained(PeerLink link) {}

    @Override
    public void closed(PeerLink link, String why) {}

    @Override
    public void failed(PeerAddress peer, String why) {
        System.err.println("not reached: " + peer + ": " + why);
    }
}
