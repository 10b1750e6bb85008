package dev.muster.chunkstore.assemble;

public final class FileTarget {
    public static FileTarget at(java.nio.file.Path p) {
        return new FileTarget();
    }
}
