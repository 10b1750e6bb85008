package dev.muster.chunkstore.store;

final class MemoryChunkStoreTest extends ChunkStoreContract {
    @Override
    protected ChunkStore open() {
        return new MemoryChunkStore();
    }

    @Override
    protected ChunkStore openOther() {
        return new MemoryChunkStore();
    }
}
