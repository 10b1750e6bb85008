package dev.muster.chunkstore.store;

import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// Every head and page there is, read and hashed.
final class ManifestWalk {
    private static final byte[] HEAD_MAGIC = "MSTRHEAD".getBytes(StandardCharsets.US_ASCII);

    private final StoreDirectory directory;
    private final Findings findings;

    /// @param findings where files are reported that are called like none of these
    ManifestWalk(StoreDirectory directory, Findings findings) {
        this.directory = directory;
        this.findings = findings;
    }

    /// A head or page as it was found.
    ///
    /// @param hash what its name says
    /// @param bytes how long it is
    /// @param isHead whether it starts like a head
    /// @param problem what is wrong with the bytes, if anything is
    record Found(Path file, Hash hash, int bytes, boolean isHead, Optional<String> problem) {}

    /// Takes the files one by one.
    @FunctionalInterface
    interface Visitor<E extends Exception> {
        void file(Found found) throws E;
    }

    <E extends Exception> void forEach(Visitor<E> visitor) throws IOException, E {
        for (String part : directory.names(directory.manifests())) {
            Path path = directory.manifests().resolve(part);
            if (!part.matches("[0-9a-f]{2}")) {
                Leftovers.report(directory, path, findings);
                continue;
            }
            for (String name : directory.names(path)) {
                Path file = path.resolve(name);
                if (name.matches("[0-9a-f]{64}") && name.startsWith(part)) {
                    visit(file, Hash.parse(name), visitor);
                } else {
                    Leftovers.report(directory, file, findings);
                }
            }
        }
    }

    private <E extends Exception> void visit(Path file, Hash hash, Visitor<E> visitor) throws E {
        Found found;
        try {
            byte[] bytes = directory.disk().read(file, Page.BYTES_MAX);
            boolean right = bytes.length <= Page.BYTES_MAX && Hash.of(bytes).equals(hash);
            boolean isHead = Arrays.mismatch(bytes, HEAD_MAGIC) == HEAD_MAGIC.length;
            String problem = "expected bytes of that hash, found " + bytes.length + " others";
            found = new Found(file, hash, bytes.length, isHead, right ? Optional.empty() : Optional.of(problem));
        } catch (NoSuchFileException _) {
            // It was collected meanwhile.
            return;
        } catch (IOException e) {
            found = new Found(file, hash, 0, false, Optional.of(Findings.message(e)));
        }
        visitor.file(found);
    }
}
