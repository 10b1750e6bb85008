package dev.muster.coordinator.disk;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.coordinator.catalog.EnvelopeFormat;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.trust.document.Envelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordFilesTest {
    @TempDir
    Path directory;

    @Test
    void aDocumentThatIsNoneIsNamed() throws IOException {
        RecordFiles<Envelope> files = RecordFiles.open(directory, new EnvelopeFormat());
        Path torn = Files.writeString(directory.resolve("torn"), "half a document");

        Corrupt corrupt = assertThrows(Corrupt.class, files::load);

        assertTrue(corrupt.toString().contains(torn.toString()), corrupt.toString());
    }
}
