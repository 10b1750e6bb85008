package dev.muster.protocol.content;

/// The name of a chunk: the hash of its header, see [ChunkHeader#id].
public record ChunkId(Hash hash) implements Comparable<ChunkId> {

    public static ChunkId parse(String hex) {
        return new ChunkId(Hash.parse(hex));
    }

    @Override
    public int compareTo(ChunkId other) {
        return hash.compareTo(other.hash);
    }

    @Override
    public String toString() {
        return hash.toString();
    }
}
