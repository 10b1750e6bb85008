package dev.muster.coordinator.companion;

import dev.muster.coordinator.catalog.Catalog;
import dev.muster.coordinator.catalog.Roots;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.net.CoordinatorClient;
import dev.muster.protocol.net.Documents;
import dev.muster.protocol.net.ReleaseList;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Type;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Another coordinator, which this one follows for as long as it is open: see this package's documentation.
public final class Companion implements Closeable {
    private static final Logger LOG = System.getLogger(Companion.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int REFUSED_MAX = 10_000;

    private final CoordinatorClient client;
    private final Home home;
    private final Heard heard;
    private final Set<Hash> refused = new HashSet<>();
    private final Thread thread;
    private long documents;
    private long releases;
    private long ledger;
    private String state = "";

    /// Where it all goes.
    ///
    /// @param changed is run after a change of what hosts must know that was not one of a document
    public record Home(Roots roots, Catalog catalog, Intake intake, Runnable changed) {}

    /// Takes in a document as if a person had brought it.
    @FunctionalInterface
    public interface Intake {
        /// @return whether it is new
        boolean take(Envelope envelope) throws IOException;
    }

    private Companion(CoordinatorClient client, Home home, Heard heard) {
        this.client = client;
        this.home = home;
        this.heard = heard;
        this.thread = Thread.ofVirtual().name("companion").unstarted(this::run);
    }

    /// Follows it from now on.
    ///
    /// @param client of that coordinator alone; closed with this
    /// @param known of which it may know more
    public static Companion follow(CoordinatorClient client, Home home, Known known) {
        Companion companion = new Companion(client, home, new Heard(known.hosts(), known.groups()));
        companion.thread.start();
        return companion;
    }

    private void run() {
        try {
            while (true) {
                try {
                    look();
                    say("reached");
                } catch (IOException e) {
                    say("not reached: " + e.getMessage());
                }
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Releases come before the pins that order them: whoever hears of a pin here can have its release here.
    private void look() throws IOException {
        Documents news = client.documents(documents, Duration.ZERO);
        if (news.revision() != documents) {
            takeAll(news.envelopes(), Set.of(Type.ROOT, Type.REVOCATIONS));
        }
        Ledger told = Ledger.decode(client.ledger(ledger, Ledger.BYTES_MAX));
        if (told.revision() != ledger) {
            heard.take(told);
            ledger = told.revision();
        }
        ReleaseList list = client.releases(releases, Duration.ZERO);
        if (list.revision() != releases) {
            takeReleases(list);
            releases = list.revision();
        }
        takeAll(news.envelopes(), Set.of(Type.PIN));
        documents = news.revision();
    }

    private void takeAll(List<Envelope> envelopes, Set<Type> types) throws IOException {
        List<Envelope> inOrder = envelopes.stream()
                .filter(envelope -> types.contains(envelope.type()))
                .sorted(Comparator.comparing(Envelope::type))
                .toList();
        for (Envelope envelope : inOrder) {
            try {
                if (home.intake.take(envelope)) {
                    LOG.log(
                            Level.INFO,
                            "document of another coordinator: type={0} hash={1}",
                            envelope.type(),
                            envelope.hash().brief());
                }
            } catch (Refused e) {
                refuse(envelope.hash(), e);
            }
        }
    }

    private void takeReleases(ReleaseList list) throws IOException {
        boolean any = false;
        for (ReleaseList.Entry entry : list.entries()) {
            if (home.catalog.release(entry.release()).isEmpty() && !refused.contains(entry.release())) {
                any |= takeRelease(entry.release());
            }
        }
        if (any) {
            home.changed.run();
        }
    }

    private boolean takeRelease(Hash hash) throws IOException {
        try {
            Envelope envelope = client.document(hash);
            List<ManifestHead> heads = new ArrayList<>();
            for (Artifact artifact : Release.unverified(envelope).artifacts()) {
                heads.add(client.head(artifact.manifest()));
            }
            home.catalog.register(envelope, heads, home.roots.newest());
            return true;
        } catch (Refused e) {
            refuse(hash, e);
            return false;
        }
    }

    /// Said once: it comes again with every change.
    private void refuse(Hash document, Refused why) {
        if (refused.size() < REFUSED_MAX && refused.add(document)) {
            LOG.log(
                    Level.WARNING,
                    "document of another coordinator not taken: hash={0} reason={1} cause={2}",
                    document.brief(),
                    why.reason(),
                    why.getMessage());
        }
    }

    private void say(String now) {
        if (!state.equals(now)) {
            state = now;
            LOG.log(Level.INFO, "other coordinator {0}", now);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        client.close();
    }
}
