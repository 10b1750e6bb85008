package dev.muster.agent.delivery;

import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.net.PeerLink;
import dev.muster.protocol.wire.Message;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Sends the bulk on one link, one thing after the other, as fast as the link, the upload limit and the disk allow. One
/// virtual thread; closing ends it.
final class LinkSender implements AutoCloseable {
    /// Far more than the limits of the swarms let wait.
    private static final int JOBS_MAX = 4096;

    private static final int STALLED_SECONDS = 60;
    private static final long ROOM_BYTES = 1 << 20;
    private static final Logger LOG = System.getLogger(LinkSender.class.getName());

    private final PeerLink link;
    private final ExecutorService disk;
    private final RateLimit upload;
    private final Traffic traffic;
    private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>(JOBS_MAX);
    private final Set<Integer> cancelled = ConcurrentHashMap.newKeySet();
    private final Semaphore drained = new Semaphore(0);
    private final Thread thread;

    /// The request whose frames are being sent, or -1.
    private volatile int sending = -1;

    LinkSender(PeerLink link, ExecutorService disk, RateLimit upload, Traffic traffic) {
        this.link = link;
        this.disk = disk;
        this.upload = upload;
        this.traffic = traffic;
        this.thread = Thread.ofVirtual().name("send-" + link.host()).unstarted(this::run);
    }

    /// Something to send.
    private sealed interface Job {
        /// Frames of a chunk.
        record Frames(int request, int index, ChunkId chunk, int frames, boolean header, ChunkReader from, After after)
                implements Job {}

        /// An answer about `hash` that has to be looked for on the disk.
        record Answer(Hash hash, Callable<Message> message) implements Job {}
    }

    /// Is told that a request has been sent, refused or cancelled.
    @FunctionalInterface
    interface After {
        /// @param found false if the chunk could not be read
        void sent(boolean found);
    }

    /// Where chunks are read from.
    @FunctionalInterface
    interface ChunkReader {
        Optional<Chunk> chunk(ChunkId id) throws IOException;
    }

    void start() {
        thread.start();
    }

    /// Sends what a request asks for.
    ///
    void send(Request request, ChunkReader from, After after) {
        Job job = new Job.Frames(
                request.request, request.index, request.chunk, request.frames, request.header, from, after);
        if (!jobs.offer(job)) {
            link.send(new Message.Refuse(request.request, Message.Refuse.Reason.BUSY, 0));
            after.sent(true);
        }
    }

    /// Frames of a chunk that a peer asked for.
    record Request(int request, int index, ChunkId chunk, int frames, boolean header) {}

    /// Sends what `message` finds, in its turn; what cannot be read is not here.
    void answer(Hash hash, Callable<Message> message) {
        if (!jobs.offer(new Job.Answer(hash, message))) {
            link.close("more than " + JOBS_MAX + " requests wait for answers");
        }
    }

    void cancel(int request) {
        boolean waits = jobs.stream().anyMatch(job -> job instanceof Job.Frames frames && frames.request == request);
        if (waits || sending == request) {
            cancelled.add(request);
        }
    }

    void drained() {
        drained.release();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                switch (jobs.take()) {
                    case Job.Frames frames -> {
                        boolean found = cancelled.remove(frames.request) || sendFrames(frames);
                        frames.after.sent(found);
                    }
                    case Job.Answer(Hash hash, Callable<Message> message) -> answerNow(hash, message);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void answerNow(Hash hash, Callable<Message> message) throws InterruptedException {
        try {
            bulk(onDisk(message));
        } catch (Unreadable e) {
            LOG.log(Level.WARNING, "not readable: what={0} cause={1}", hash, e.getMessage());
            link.send(new Message.NotHere(hash));
        }
    }

    /// @return false if the chunk is not here
    private boolean sendFrames(Job.Frames job) throws InterruptedException {
        Optional<Chunk> found;
        try {
            found = onDisk(() -> job.from.chunk(job.chunk));
        } catch (Unreadable e) {
            LOG.log(Level.WARNING, "chunk cannot be read: chunk={0} cause={1}", job.chunk, e.getMessage());
            found = Optional.empty();
        }
        if (found.isEmpty()) {
            link.send(new Message.Refuse(job.request, Message.Refuse.Reason.NOT_HERE, 0));
            return false;
        }
        sending = job.request;
        Chunk chunk = found.get();
        if (job.header) {
            bulk(new Message.Header(job.request, job.index, chunk.header()));
        }
        for (int i = 0; i < chunk.frames().size() && !cancelled.contains(job.request); i++) {
            if ((job.frames & 1 << i) != 0) {
                bulk(new Message.Data(job.request, i, chunk.frames().get(i)));
            }
        }
        sending = -1;
        cancelled.remove(job.request);
        return true;
    }

    private void bulk(Message message) throws InterruptedException {
        long bytes = contentBytes(message);
        upload.take(bytes);
        drained.drainPermits();
        if (!(message instanceof Message.Document)) {
            traffic.sent(bytes);
        }
        if (!link.send(message)) {
            awaitRoom();
        }
    }

    /// Waits until the other end has taken most of what was sent. One that takes nothing is not waited for for ever.
    private void awaitRoom() throws InterruptedException {
        for (int second = 0; !drained.tryAcquire(1, TimeUnit.SECONDS); second++) {
            long queued = link.queuedBytes();
            if (queued < ROOM_BYTES) {
                return;
            }
            if (second >= STALLED_SECONDS) {
                link.close("it took nothing for " + STALLED_SECONDS + " s");
            }
        }
    }

    private static long contentBytes(Message message) {
        return switch (message) {
            case Message.Data data -> data.frame().length();
            case Message.Header header -> header.header().toBytes().length;
            case Message.Headers headers -> headers.bytes();
            case Message.Head head -> head.bytes().remaining();
            case Message.PageBytes page -> page.bytes().remaining();
            case Message.Document document -> document.bytes().remaining();
            default -> 0;
        };
    }

    /// Bytes that are kept here and cannot be read now.
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }

    private <T> T onDisk(Callable<T> work) throws InterruptedException {
        Future<T> result = disk.submit(work);
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new Unreadable(e.getCause() == null ? e : e.getCause());
        }
    }
}
