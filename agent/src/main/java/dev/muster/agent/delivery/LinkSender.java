package dev.muster.agent.delivery;

import dev.muster.agent.limit.Throttle;
import dev.muster.agent.limit.Urgency;
import dev.muster.agent.limit.WireCost;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.net.PeerLink;
import dev.muster.protocol.wire.Message;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
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

/// Sends the bulk on one link, one thing after the other, as fast as the link, the limits and the disk allow. One
/// virtual thread; closing ends it.
final class LinkSender implements AutoCloseable {
    /// Far more than the limits of the swarms let wait.
    private static final int JOBS_MAX = 4096;

    private static final int STALLED_SECONDS = 60;

    /// Who takes next to nothing for so long holds no place that others wait for.
    private static final int SLOW_SECONDS = 2;

    private static final long SLOW_BYTES = 64 * 1024;

    /// When one that is so slow may ask again.
    private static final int ASK_AGAIN_MILLIS = 1000;

    private static final long ROOM_BYTES = 1 << 20;

    /// What a message has besides its content, about.
    private static final int MESSAGE_EXTRA_BYTES = 16;

    private static final Logger LOG = System.getLogger(LinkSender.class.getName());

    private final PeerLink link;
    private final ExecutorService disk;
    private final Throttle throttle;
    private final Traffic traffic;
    private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>(JOBS_MAX);
    private final Set<Integer> cancelled = ConcurrentHashMap.newKeySet();
    private final Semaphore drained = new Semaphore(0);
    private final Thread thread;
    private long paidBytes;

    /// The request whose frames are being sent, or -1.
    private volatile int sending = -1;

    /// The other end takes next to nothing: frames are asked for in vain.
    private volatile boolean slow;

    /// Who is to be told that the frames that are being sent now are sent.
    private Optional<After> waiting = Optional.empty();

    LinkSender(PeerLink link, ExecutorService disk, Throttle throttle, Traffic traffic) {
        this.link = link;
        this.disk = disk;
        this.throttle = throttle;
        this.traffic = traffic;
        this.thread = Thread.ofVirtual().name("send-" + link.host()).unstarted(this::run);
    }

    /// Something to send.
    private sealed interface Job {
        /// Frames of a chunk.
        record Frames(Request request, ChunkReader from, Terms terms, After after) implements Job {}

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

    /// On which terms a request is served.
    interface Terms {
        Urgency urgency();

        /// The chunk as it goes over the wire.
        Chunk prepared(Chunk chunk) throws InterruptedException;

        /// Whether so many bytes may be sent, which then count as sent.
        boolean grant(long bytes);
    }

    /// Sends what a request asks for.
    void send(Request request, ChunkReader from, Terms terms, After after) {
        Job job = new Job.Frames(request, from, terms, after);
        // It may have become slow just now, and what waited been given back already.
        if (slow || !jobs.offer(job) || (slow && jobs.remove(job))) {
            refuse(request, after);
        }
    }

    private void refuse(Request request, After after) {
        link.send(new Message.Refuse(request.request, Message.Refuse.Reason.BUSY, ASK_AGAIN_MILLIS));
        after.sent(true);
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
        boolean waits =
                jobs.stream().anyMatch(job -> job instanceof Job.Frames frames && frames.request.request == request);
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
                        waiting = Optional.of(frames.after);
                        boolean found = cancelled.remove(frames.request.request) || sendFrames(frames);
                        waiting.ifPresent(after -> after.sent(found));
                        waiting = Optional.empty();
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
            bulk(onDisk(message), Urgency.FOREGROUND);
        } catch (Unreadable e) {
            LOG.log(Level.WARNING, "not readable: what={0} cause={1}", hash, e.getMessage());
            link.send(new Message.NotHere(hash));
        }
    }

    /// @return false if the chunk is not here
    private boolean sendFrames(Job.Frames job) throws InterruptedException {
        Request request = job.request;
        Optional<Chunk> found = read(job);
        if (found.isEmpty()) {
            link.send(new Message.Refuse(request.request, Message.Refuse.Reason.NOT_HERE, 0));
            return false;
        }
        List<Message> messages = messages(request, job.terms.prepared(found.get()));
        if (!job.terms.grant(messages.stream().mapToLong(LinkSender::wireBytes).sum())) {
            link.send(new Message.Refuse(request.request, Message.Refuse.Reason.BUSY, 0));
            return true;
        }
        sending = request.request;
        for (Message message : messages) {
            if (!cancelled.contains(request.request)) {
                bulk(message, job.terms.urgency());
            }
        }
        sending = -1;
        cancelled.remove(request.request);
        return true;
    }

    private Optional<Chunk> read(Job.Frames job) throws InterruptedException {
        try {
            return onDisk(() -> job.from.chunk(job.request.chunk));
        } catch (Unreadable e) {
            LOG.log(Level.WARNING, "chunk cannot be read: chunk={0} cause={1}", job.request.chunk, e.getMessage());
            return Optional.empty();
        }
    }

    private static List<Message> messages(Request request, Chunk chunk) {
        List<Message> messages = new ArrayList<>();
        if (request.header) {
            messages.add(new Message.Header(request.request, request.index, chunk.header()));
        }
        for (int i = 0; i < chunk.frames().size(); i++) {
            if ((request.frames & 1 << i) != 0) {
                messages.add(new Message.Data(request.request, i, chunk.frames().get(i)));
            }
        }
        return messages;
    }

    /// What was sent besides since the last time is paid for too: it is small, and does not wait.
    private void bulk(Message message, Urgency urgency) throws InterruptedException {
        long bytes = contentBytes(message);
        long besides = Math.max(0, link.sentBytes() + link.queuedBytes() - paidBytes);
        throttle.send(link.site(), urgency, bytes + MESSAGE_EXTRA_BYTES + besides);
        drained.drainPermits();
        if (!(message instanceof Message.Document)) {
            traffic.sent(bytes);
        }
        boolean room = link.send(message);
        paidBytes = link.sentBytes() + link.queuedBytes();
        if (!room) {
            awaitRoom();
        }
    }

    /// Waits until the other end has taken most of what was sent. One that takes nothing is not waited for for ever.
    private void awaitRoom() throws InterruptedException {
        long before = link.queuedBytes();
        int slowSeconds = 0;
        for (int second = 0; !drained.tryAcquire(1, TimeUnit.SECONDS); second++) {
            long queued = link.queuedBytes();
            if (queued < ROOM_BYTES) {
                break;
            }
            slowSeconds = before - queued < SLOW_BYTES ? slowSeconds + 1 : 0;
            before = queued;
            if (slowSeconds >= SLOW_SECONDS && !slow) {
                makeWay();
            }
            if (second >= STALLED_SECONDS) {
                link.close("it took nothing for " + STALLED_SECONDS + " s");
            }
        }
        slow = false;
    }

    /// Gives back the places that requests over this link hold, so that others are served meanwhile: a host serves
    /// few requests at a time.
    private void makeWay() {
        slow = true;
        waiting.ifPresent(after -> after.sent(true));
        waiting = Optional.empty();
        List<Job> held = new ArrayList<>();
        jobs.drainTo(held);
        for (Job job : held) {
            switch (job) {
                case Job.Frames(Request request, ChunkReader _, Terms _, After after) -> refuse(request, after);
                case Job.Answer answer -> answer(answer.hash, answer.message);
            }
        }
    }

    private static long wireBytes(Message message) {
        return WireCost.of(contentBytes(message) + MESSAGE_EXTRA_BYTES);
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
