package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import java.io.IOException;
import java.util.List;

/// Lets chunks into the segments, and makes room for them where there is none: by collecting what nothing keeps,
/// down to the low water of the [Quota]. Who finds no room while somebody else collects waits for that, and tries
/// again.
final class Admission {
    private static final int ATTEMPTS = 3;
    private static final int IMAGES_NAMED = 3;

    private final StoreDirectory directory;
    private final Contents contents;
    private final Collector collector;
    private final Quota quota;

    Admission(StoreDirectory directory, Contents contents, Collector collector, Quota quota) {
        this.directory = directory;
        this.contents = contents;
        this.collector = collector;
        this.quota = quota;
    }

    /// Writes into the segments.
    @FunctionalInterface
    interface Writing {
        /// @throws NoRoom if there is none; nothing has happened then
        void run() throws IOException;
    }

    /// @throws StoreRefused if there is no room, and none to be made
    void admit(Writing writing) throws IOException {
        for (int attempt = 1; ; attempt++) {
            long finished = collector.finished();
            try {
                writing.run();
                return;
            } catch (NoRoom e) {
                if (attempt == ATTEMPTS) {
                    throw refused(e);
                }
                makeRoom(e, finished);
            }
        }
    }

    /// Makes sure that chunks of so many bytes can be written, as things are now.
    ///
    /// @throws StoreRefused if they cannot
    void require(long bytes) throws IOException {
        admit(() -> {
            long room = Math.min(quota.room(contents.use().usedBytes()), freeBytes() - quota.minFreeBytes());
            if (room < bytes) {
                throw new NoRoom(bytes - room, "what nothing keeps is gone already");
            }
        });
    }

    private void makeRoom(NoRoom why, long finished) throws IOException {
        try {
            collector.collectOnce(finished, () -> goal(why.bytes()));
        } catch (Corrupt e) {
            throw new StoreRefused(e.getMessage() + "; and " + why.getMessage(), e);
        }
    }

    private Goal goal(long wanted) throws IOException {
        long used = contents.use().usedBytes();
        long limit = quota.limit(used, freeBytes());
        return new Goal(Math.max(wanted, used + wanted - Quota.lowWater(limit)), true);
    }

    private StoreRefused refused(NoRoom why) throws IOException {
        return new StoreRefused(
                "store " + directory.root() + ": expected room for " + why.bytes() + " bytes, found " + freeBytes()
                        + " free and " + contents.use().usedBytes() + " taken, " + kept() + ": " + why.getMessage()
                        + "; see muster store gc --dry-run",
                why);
    }

    private String kept() throws IOException {
        Survey survey = collector.survey();
        List<String> names = survey.kept().stream()
                .limit(IMAGES_NAMED)
                .map(id -> id.hash().brief())
                .toList();
        return "all but " + survey.reclaimable() + " kept by " + survey.kept().size() + " images " + names
                + " and work in progress";
    }

    private long freeBytes() throws IOException {
        return directory.disk().freeBytes(directory.segments());
    }
}
