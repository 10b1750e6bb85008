package dev.muster.agent.delivery;

import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/// What peers get who ask for something by its hash. It is looked for on the disk, in its turn among the bulk on the
/// peer's link and within the limit on that.
final class Answers {
    private final ChunkStore store;
    private final Function<Hash, Optional<byte[]>> documents;
    private final HeaderShelf shelf;

    /// @param documents the signed documents that peers may ask for
    /// @param swarms the manifests in whose swarms this host takes part
    Answers(
            ChunkStore store,
            Function<Hash, Optional<byte[]>> documents,
            Function<ManifestId, Optional<Manifest>> swarms) {
        this.store = store;
        this.documents = documents;
        this.shelf = new HeaderShelf(store, swarms);
    }

    void head(Connection to, ManifestId id) {
        answer(to, id.hash(), () -> store.head(id).map(bytes -> new Message.Head(ByteBuffer.wrap(bytes))));
    }

    void page(Connection to, Hash hash) {
        answer(to, hash, () -> page(hash));
    }

    void document(Connection to, Hash hash) {
        answer(to, hash, () -> documents.apply(hash).map(bytes -> new Message.Document(ByteBuffer.wrap(bytes))));
    }

    void headers(Connection to, Message.GetHeaders question) {
        to.sender().answer(question.manifest().hash(), () -> shelf.answer(question));
    }

    private Optional<Message> page(Hash hash) throws IOException {
        return store.hasPage(hash)
                ? Optional.of(new Message.PageBytes(ByteBuffer.wrap(store.page(hash))))
                : Optional.empty();
    }

    private static void answer(Connection to, Hash hash, Callable<Optional<? extends Message>> find) {
        to.sender().answer(hash, () -> {
            Optional<? extends Message> found = find.call();
            return found.isPresent() ? found.get() : new Message.NotHere(hash);
        });
    }
}
