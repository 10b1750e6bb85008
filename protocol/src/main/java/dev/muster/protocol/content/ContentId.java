package dev.muster.protocol.content;

/// The name of what a guest reads from a disk, however it was packed or contained: see [ContentTree].
public record ContentId(Hash hash) implements Comparable<ContentId> {

    public static ContentId parse(String hex) {
        return new ContentId(Hash.parse(hex));
    }

    @Override
    public int compareTo(ContentId other) {
        return hash.compareTo(other.hash);
    }

    @Override
    public String toString() {
        return hash.toString();
    }
}
