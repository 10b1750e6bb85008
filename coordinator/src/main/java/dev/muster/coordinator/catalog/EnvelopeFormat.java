package dev.muster.coordinator.catalog;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.trust.document.Envelope;
import java.io.IOException;

/// Signed documents on disk are as they are on the wire.
public final class EnvelopeFormat implements RecordFiles.Format<Envelope> {
    @Override
    public byte[] encode(Envelope envelope) {
        return envelope.encode();
    }

    @Override
    public Envelope decode(byte[] bytes) throws IOException {
        return Envelope.decode(bytes);
    }
}
