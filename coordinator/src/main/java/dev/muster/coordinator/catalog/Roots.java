package dev.muster.coordinator.catalog;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The root documents of the fleet, from its first to its newest. Safe for threads.
public final class Roots {
    private final RecordFiles<Envelope> files;
    private volatile RootChain chain;

    private Roots(RecordFiles<Envelope> files, RootChain chain) {
        this.files = files;
        this.chain = chain;
    }

    /// @throws BadConfiguration if there is none: the home was not made by `muster init`
    public static Roots open(Path directory) throws IOException {
        RecordFiles<Envelope> files = RecordFiles.open(directory, new EnvelopeFormat());
        List<Envelope> documents = List.copyOf(files.load().values());
        if (documents.isEmpty()) {
            throw new BadConfiguration(directory + ": expected a fleet's root document, found none");
        }
        return new Roots(files, RootChain.of(documents.getFirst().hash(), documents));
    }

    /// Puts the first root into a new home.
    public static void create(Path directory, Envelope first) throws IOException {
        RecordFiles.open(directory, new EnvelopeFormat()).put(nameOf(1), first);
    }

    public Root newest() {
        return chain.newest();
    }

    /// From the first to the newest.
    public List<Envelope> envelopes() {
        return chain.roots().stream().map(Signed::envelope).toList();
    }

    /// Takes the next root in. One that is here already changes nothing.
    public synchronized Root step(Envelope next) throws IOException {
        RootChain longer = chain.step(next);
        if (longer.roots().size() == chain.roots().size()) {
            return chain.newest();
        }
        files.put(nameOf(longer.newest().number()), next);
        chain = longer;
        return longer.newest();
    }

    /// Names that sort as their numbers do.
    private static String nameOf(long number) {
        return "%019d".formatted(number);
    }
}
