package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.chunkstore.store.Presence;
import dev.muster.protocol.content.ChunkId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Asks a source about many chunks: in batches, several at once, since a store may have to read a little of each.
final class Presences {
    private static final int BATCH = 256;

    private Presences() {}

    static List<Presence> ask(ChunkSource source, List<ChunkId> ids, Crew crew) throws IOException {
        List<Presence> all = new ArrayList<>(Collections.nCopies(ids.size(), Presence.ABSENT));
        try (Work work = crew.begin()) {
            boolean going = true;
            for (int from = 0; going && from < ids.size(); from += BATCH) {
                int end = Math.min(from + BATCH, ids.size());
                List<Presence> some = all.subList(from, end);
                List<ChunkId> asked = ids.subList(from, end);
                going = work.begin(() -> Collections.copy(some, source.presence(asked)));
            }
        }
        return all;
    }
}
