package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.store.Finding.Kind;
import java.io.IOException;
import java.nio.file.Path;

/// Files in a store that nobody reads: what a crash left half written, what a rebuild set aside, and what was never of
/// the store.
final class Leftovers {
    private static final String ASIDE = "~aside";

    private Leftovers() {}

    /// Gives a file a name under which nobody reads it. Nothing of that name is lost.
    ///
    /// @return the new name
    static Path setAside(Disk disk, Path file) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ASIDE);
        for (int i = 2; disk.exists(aside); i++) {
            aside = file.resolveSibling(file.getFileName() + ASIDE + i);
        }
        disk.rename(file, aside);
        disk.forceDirectory(file.resolveSibling(""));
        return aside;
    }

    static void report(StoreDirectory directory, Path file, Findings findings) {
        String name = directory.name(file);
        String message = "expected a file of the store, found another";
        if (name.endsWith(Disk.PART)) {
            message = "was being written when the power failed; it goes when the store needs the name";
        } else if (name.contains(ASIDE)) {
            message = "was set aside by a rebuild; it may be deleted";
        }
        findings.add(Kind.LEFTOVER, name, name, message);
    }
}
