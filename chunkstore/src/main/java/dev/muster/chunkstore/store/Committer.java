package dev.muster.chunkstore.store;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Makes what was written durable, many records at once: forces the segments, appends to the journal, forces the
/// journal (promise R1). It has a thread of its own, the only one that touches the journal.
///
/// A failed `force` is the end: Linux has forgotten the pages, so what was not durable is lost, and is taken out
/// of the contents. From then on everything is refused until the store is opened again; reading goes on. A
/// journal that cannot be appended to, on a full disk, is not: the same records are tried again with the next
/// commit.
final class Committer implements Closeable {
    private static final Logger LOG = System.getLogger(Committer.class.getName());

    /// A log is replaced when all of its room is taken but this part: on a full disk it cannot be, and what is
    /// condemned to make room there has to be journaled first.
    private static final int RESERVE_SHARE = 8;

    private final CommitQueue queue;
    private final Journal journal;
    private final Contents contents;
    private final long journalBytesMax;
    private final Thread thread;
    private long checkpointAt;
    private boolean appending = true;
    private volatile boolean rewrite;

    Committer(Journal journal, Contents contents, StoreSettings settings) {
        this.queue = new CommitQueue(contents, settings);
        this.journal = journal;
        this.contents = contents;
        this.journalBytesMax = settings.journalBytesMax();
        this.checkpointAt = journalBytesMax - journalBytesMax / RESERVE_SHARE;
        this.thread = Thread.ofPlatform().name("store-commit").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    CommitQueue queue() {
        return queue;
    }

    /// The journal is not as it was written: the next commit, or closing, puts a new one in its place.
    void rewriteJournal() {
        rewrite = true;
    }

    /// Commits what is left, ends the thread, and closes the journal.
    @Override
    public void close() throws IOException {
        try (journal) {
            queue.close();
            joinThread();
            queue.requireDurable();
        }
    }

    private void joinThread() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean going = true;
        while (going) {
            Batch batch = queue.take();
            boolean last = batch.isEmpty();
            if (rewrite || journal.size() >= checkpointAt || (last && journal.size() > 0)) {
                checkpoint();
            }
            going = !last && commit(batch);
        }
    }

    /// @return whether there is any use in going on
    private boolean commit(Batch batch) {
        try {
            batch.forceFiles();
            journal.append(batch.records());
            batch.closeFinished();
            queue.committed(batch);
            appending = true;
            return true;
        } catch (Journal.NotAppended e) {
            if (appending) {
                LOG.log(Level.WARNING, "nothing is durable for now; tried again: cause={0}", e.getMessage());
            }
            appending = false;
            return queue.putBack(batch, e);
        } catch (IOException e) {
            giveUp(batch, e);
            return false;
        } catch (RuntimeException | Error e) {
            // A bug, but nobody must wait for this thread for ever.
            giveUp(batch, new IOException("the committer failed: " + e, e));
            throw e;
        }
    }

    private void giveUp(Batch batch, IOException why) {
        LOG.log(Level.ERROR, "store takes no more chunks until it is opened again: " + why);
        queue.lost(batch, why);
    }

    /// Shortens the journal. The contents are those that were committed: only this thread commits.
    private void checkpoint() {
        try {
            journal.checkpoint(contents);
            checkpointAt = journalBytesMax - journalBytesMax / RESERVE_SHARE;
            rewrite = false;
        } catch (IOException e) {
            checkpointAt = journal.size() + journalBytesMax / RESERVE_SHARE;
            LOG.log(Level.WARNING, "journal not shortened: " + e);
        }
    }
}
