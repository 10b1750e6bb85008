package dev.muster.protocol.content;

/// The name of a manifest, and so of an image in one packing: SHA-256 of its head.
public record ManifestId(Hash hash) implements Comparable<ManifestId> {

    public static ManifestId parse(String hex) {
        return new ManifestId(Hash.parse(hex));
    }

    @Override
    public int compareTo(ManifestId other) {
        return hash.compareTo(other.hash);
    }

    @Override
    public String toString() {
        return hash.toString();
    }
}
