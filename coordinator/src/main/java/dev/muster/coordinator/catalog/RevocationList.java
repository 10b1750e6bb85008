package dev.muster.coordinator.catalog;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Revocations;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.key.Subject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;

/// What the release keys have taken back: the newest list. Safe for threads.
public final class RevocationList {
    private static final Logger LOG = System.getLogger(RevocationList.class.getName());
    private static final String NEWEST = "newest";

    private final RecordFiles<Envelope> files;
    private volatile Optional<Signed<Revocations>> newest = Optional.empty();

    private RevocationList(RecordFiles<Envelope> files) {
        this.files = files;
    }

    /// Opens what lies in the directory. A list whose keys the root no longer names is not used.
    public static RevocationList open(Path directory, Root root) throws IOException {
        RevocationList list = new RevocationList(RecordFiles.open(directory, new EnvelopeFormat()));
        list.adopt(root);
        return list;
    }

    /// Goes on under this root.
    public synchronized void adopt(Root root) throws IOException {
        newest = Optional.empty();
        for (Envelope envelope : files.load().values()) {
            try {
                newest = Optional.of(Revocations.verify(envelope, root));
            } catch (Refused e) {
                LOG.log(Level.WARNING, "revocation list not used: because={0}", e.getMessage());
            }
        }
    }

    /// Takes the next list in; one that is here already changes nothing.
    ///
    /// @throws Refused if not enough release keys signed it, or its number was passed
    public synchronized Revocations step(Envelope envelope, Root root) throws IOException {
        Signed<Revocations> next = Revocations.verify(envelope, root);
        long number = inForce().number();
        boolean known = newest.filter(list -> list.hash().equals(next.hash())).isPresent();
        if (!known && next.document().number() <= number) {
            throw new Refused(
                    next.document().number() < number ? Reason.REPLAYED : Reason.EQUIVOCATION,
                    "revocations: expected a number above " + number + ", found "
                            + next.document().number());
        }
        files.put(NEWEST, envelope);
        newest = Optional.of(next);
        LOG.log(Level.INFO, "revocations: number={0}", next.document().number());
        return next.document();
    }

    public Optional<Signed<Revocations>> newest() {
        return newest;
    }

    /// The list that holds.
    public Revocations inForce() {
        return newest.map(Signed::document).orElseGet(Revocations::none);
    }

    public boolean isRevoked(Subject member) {
        return inForce().isRevoked(member);
    }

    public boolean isRevoked(Signed<Release> release) {
        return inForce().isRevoked(release);
    }
}
