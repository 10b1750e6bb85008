package dev.muster.agent.delivery;

import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Frame;
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

/// Sends the bulk on one link, one thing after the other, as fast as the link, the upload limit and the disk allow. One
/// virtual thread; closing ends it.
final class LinkSender implements AutoCloseable {
    /// Far more than the limits of the swarms let wait.
    private static final int JOBS_MAX = 4096;

    private static final Logger LOG = System.getLogger(LinkSender.class.getName());

    private final PeerLink link;
    private final ExecutorService disk;
    private final RateLimit upload;
    private final Traffic traffic;
    private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>(JOBS_MAX);
    private final Set<Integer> cancelled = ConcurrentHashMap.newKeySet();
    private final Semaphore drained = new Semaphore(0);
    private final Thread thread;

    LinkSender(PeerLink link, ExecutorService disk, RateLimit upload, Traffic traffic) {
        this.link = link;
        this.disk = disk;
        this.upload = upload;
        this.traffic = traffic;
        this.thread = Thread.ofVirtual().name("send-" + link.host()).unstarted(this::run);
    }

    /// Something to send.
    private sealed interface Job {
        /// Frames of a chunk, and then `after`.
        record Frames(
                int request, int index, ChunkId chunk, int frames, boolean header, ChunkReader from, Runnable after)
                implements Job {}

        /// An answer that has to be looked for on the disk.
        record Answer(Callable<Message> message) implements Job {}
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
    /// @param after called when it was sent, refused or cancelled
    void send(Request request, ChunkReader from, Runnable after) {
        Job job = new Job.Frames(
                request.request, request.index, request.chunk, request.frames, request.header, from, after);
        if (!jobs.offer(job)) {
            link.send(new Message.Refuse(request.request, Message.Refuse.Reason.BUSY, 0));
            after.run();
        }
    }

    /// Frames of a chunk that a peer asked for.
    record Request(int request, int index, ChunkId chunk, int frames, boolean header) {}

    /// Sends what `message` finds, in its turn.
    void answer(Callable<Message> message) {
        if (!jobs.offer(new Job.Answer(message))) {
            link.close("more than " + JOBS_MAX + " requests wait for answers");
        }
    }

    void cancel(int request) {
        boolean waits = jobs.stream().anyMatch(job -> job instanceof Job.Frames frames && frames.request == request);
        if (waits) {
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
                        if (!cancelled.remove(frames.request)) {
                            sendFrames(frames);
                        }
                        frames.after.run();
                    }
                    case Job.Answer(Callable<Message> message) -> bulk(onDisk(message));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendFrames(Job.Frames job) throws InterruptedException {
        Optional<Chunk> found;
        try {
            found = onDisk(() -> job.from.chunk(job.chunk));
        } catch (Unreadable e) {
            LOG.log(Level.WARNING, "chunk cannot be read: chunk={0} cause={1}", job.chunk, e.getMessage());
            found = Optional.empty();
        }
        if (found.isEmpty()) {
            link.send(new Message.Refuse(job.request, Message.Refuse.Reason.NOT_HERE, 0));
            return;
        }
        Chunk chunk = found.get();
        if (job.header) {
            bulk(new Message.Header(job.request, job.index, chunk.header()));
        }
        for (int i = 0; i < chunk.frames().size(); i++) {
            if ((job.frames & 1 << i) != 0) {
                Frame frame = chunk.frames().get(i);
                bulk(new Message.Data(job.request, i, frame));
            }
        }
    }

    private void bulk(Message message) throws InterruptedException {
        long bytes = contentBytes(message);
        upload.take(bytes);
        drained.drainPermits();
        traffic.sent(bytes);
        if (!link.send(message)) {
            drained.acquire();
        }
    }

    private static long contentBytes(Message message) {
        return switch (message) {
            case Message.Data data -> data.frame().length();
            case Message.Header header -> header.header().toBytes().length;
            case Message.Head head -> head.bytes().remaining();
            case Message.PageBytes page -> page.bytes().remaining();
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
