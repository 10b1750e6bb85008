package dev.muster.coordinator;

import dev.muster.coordinator.api.Api;
import dev.muster.coordinator.api.ApiServer;
import dev.muster.coordinator.api.Gate;
import dev.muster.coordinator.api.SignedDocuments;
import dev.muster.coordinator.catalog.Catalog;
import dev.muster.coordinator.catalog.RevocationList;
import dev.muster.coordinator.catalog.Roots;
import dev.muster.coordinator.companion.Companion;
import dev.muster.coordinator.companion.Known;
import dev.muster.coordinator.disk.HomeLock;
import dev.muster.coordinator.enrol.Enroller;
import dev.muster.coordinator.enrol.Hosts;
import dev.muster.coordinator.enrol.Tokens;
import dev.muster.coordinator.history.AuditLog;
import dev.muster.coordinator.rollout.Attestor;
import dev.muster.coordinator.rollout.Bulletin;
import dev.muster.coordinator.rollout.Director;
import dev.muster.coordinator.rollout.Groups;
import dev.muster.coordinator.rollout.HostBoard;
import dev.muster.coordinator.rollout.Orders;
import dev.muster.coordinator.rollout.Rollouts;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.cluster.Presence;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.net.CoordinatorClient;
import dev.muster.protocol.net.Documents;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.key.FleetCa;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.trust.key.Validity;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// A running coordinator. What it has acknowledged is in its home on disk, so that it may end at any moment, and
/// another one goes on with the same home.
public final class Coordinator implements Closeable {
    private static final Logger LOG = System.getLogger(Coordinator.class.getName());
    private static final Duration RENEWAL_CHECK = Duration.ofMinutes(10);

    /// How often the rollouts are looked at.
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final CoordinatorConfig config;
    private final Fleet fleet;
    private final HomeLock lock;
    private final Roots roots;
    private final RevocationList list;
    private final Catalog catalog;
    private final Director director;
    private final Attestor attestor;
    private final AuditLog audit;
    private final Bulletin bulletin;
    private final Bulletin releases;
    private final TlsKeys keys;
    private final FleetCa ca;
    private final InstantSource clock;
    private final AtomicLong doorbell;
    private final Thread renewal = Thread.ofVirtual().name("renewal").unstarted(this::renew);
    private final List<Companion> companions = new ArrayList<>();
    private Optional<ApiServer> server = Optional.empty();
    private Optional<Thread> watching = Optional.empty();

    private Coordinator(CoordinatorConfig config, TlsKeys keys, Fleet fleet, InstantSource clock, HomeLock lock)
            throws IOException {
        Path home = config.home();
        this.config = config;
        this.fleet = fleet;
        this.clock = clock;
        this.lock = lock;
        this.roots = Roots.open(home.resolve("roots"));
        catchUp();
        Root root = roots.newest();
        this.list = RevocationList.open(home.resolve("revocations"), root);
        this.director = Director.open(home, root, clock);
        this.attestor = Attestor.open(home.resolve("freshness"), director, root, clock);
        this.catalog =
                Catalog.open(home, root, release -> director.isRetired(release.hash()) || list.isRevoked(release));
        this.audit = AuditLog.open(home.resolve("audit"), clock);
        this.ca = FleetCa.load(home.resolve("ca.pem"));
        this.keys = keys;
        this.doorbell = new AtomicLong(clock.millis());
        this.bulletin = new Bulletin(Bulletin.Edition.of(documents()));
        this.releases = new Bulletin(Bulletin.Edition.of(catalog.list()));
    }

    /// Who the coordinator of a home is.
    public static TlsKeys keys(Path home) throws IOException {
        return new TlsKeys(TlsIdentity.load(home.resolve("tls.pem")));
    }

    /// Starts the coordinator of a home.
    ///
    /// @param keys of that home, which the coordinator renews; the fleet shows them too
    /// @param fleet the shared view, which the coordinator publishes itself in and does not close
    /// @throws BadConfiguration if the home is none or the address cannot be listened on
    /// @throws StoreRefused if another coordinator runs on the home
    public static Coordinator open(CoordinatorConfig config, TlsKeys keys, Fleet fleet, InstantSource clock)
            throws IOException {
        if (!Files.isRegularFile(config.home().resolve("director.pem"))) {
            throw new BadConfiguration(config.home() + ": expected the home of a coordinator, found none: make a fleet"
                    + " with `muster init`");
        }
        HomeLock lock = HomeLock.take(config.runtime(), config.home());
        boolean started = false;
        try {
            Coordinator coordinator = new Coordinator(config, keys, fleet, clock, lock);
            coordinator.start();
            started = true;
            return coordinator;
        } finally {
            if (!started) {
                lock.close();
            }
        }
    }

    private void start() throws IOException {
        renewIfDue();
        Path home = config.home();
        Root root = roots.newest();
        Tokens tokens = Tokens.open(home.resolve("tokens"), clock);
        Hosts hosts = Hosts.open(home.resolve("hosts"));
        Groups groups = Groups.open(home.resolve("groups"));
        HostBoard board = new HostBoard(clock);
        Rollouts rollouts = Rollouts.open(home, director, hosts, board, clock);
        Enroller.Terms terms = new Enroller.Terms(
                subject(),
                config.others().cluster(),
                config.lives().host(),
                config.lives().operator());
        Enroller enroller = new Enroller(ca, terms, tokens, hosts, clock);
        FleetTrust trust = new FleetTrust(root.fleet(), root.terms().caRoot(), Set.of(Subject.Role.values()), clock)
                .without(list::isRevoked);
        Gate gate = new Gate(trust, Duration.ofDays(root.terms().graceDays()), enroller);
        SignedDocuments signed = new SignedDocuments(roots, list, catalog, director, hosts, this::changed);
        Api api = new Api(
                new Api.Documents(signed, bulletin, releases),
                new Api.Members(tokens, hosts, enroller, board, audit),
                new Api.Work(groups, director, rollouts, new Orders(catalog, director, rollouts, groups)),
                fleet,
                new Api.Timing(config.silentAfter(), clock),
                this::changed);
        server = Optional.of(api.serve(config.address(), keys, gate));
        renewal.start();
        watching = Optional.of(Thread.ofVirtual().name("rollouts").start(() -> watch(rollouts)));
        follow(signed, new Known(hosts, groups));
        announce();
        LOG.log(
                Level.INFO,
                "coordinator started: fleet={0} id={1} address={2} hosts={3}",
                root.fleet(),
                subject().id(),
                address(),
                hosts.count());
    }

    /// Steps to the newest root that another coordinator knows: it may be the first that names this one's key.
    private void catchUp() throws IOException {
        if (config.others().coordinators().isEmpty()) {
            return;
        }
        try {
            Hash first = roots.envelopes().getFirst().hash();
            for (Signed<Root> root : CoordinatorClient.fetchRoots(
                            config.others().coordinators(), first)
                    .roots()) {
                Root _ = roots.step(root.envelope());
            }
        } catch (Unreachable e) {
            LOG.log(Level.INFO, "no other coordinator asked for roots: cause={0}", e.getMessage());
        }
    }

    private void follow(SignedDocuments signed, Known known) {
        Root root = roots.newest();
        FleetTrust trust = new FleetTrust(root.fleet(), root.terms().caRoot(), Set.of(Subject.Role.COORDINATOR), clock)
                .without(list::isRevoked);
        Companion.Home home = new Companion.Home(roots, catalog, signed::take, this::changed);
        for (Address other : config.others().coordinators()) {
            CoordinatorClient client = CoordinatorClient.open(List.of(other), keys, trust);
            companions.add(Companion.follow(client, home, known));
        }
    }

    /// Where it listens, with the port that it really has.
    public Address address() {
        return server.map(ApiServer::address).orElse(config.address());
    }

    /// The fleet's newest root document.
    public Root root() {
        return roots.newest();
    }

    /// Whether the release keys have shut this member out.
    public boolean isRevoked(Subject member) {
        return list.isRevoked(member);
    }

    /// Wakes hosts that wait for documents, and rings the doorbell for those that do not. One at a time: of two orders
    /// at once, the one that is published last has read what the other did.
    private synchronized void changed() {
        try {
            bulletin.publish(Bulletin.Edition.of(documents()));
        } catch (IOException e) {
            LOG.log(Level.ERROR, "hosts not told, as freshness cannot be kept", e);
        }
        releases.publish(Bulletin.Edition.of(catalog.list()));
        fleet.sendAwayRevoked();
        doorbell.incrementAndGet();
        announce();
    }

    /// All roots, what is newest and what is revoked, all pins that matter, and the releases that they name.
    private Documents documents() throws IOException {
        List<Envelope> documents = new ArrayList<>(roots.envelopes());
        attestor.attest(roots.newest(), list.inForce().number(), director.newest())
                .map(Signed::envelope)
                .ifPresent(documents::add);
        list.newest().map(Signed::envelope).ifPresent(documents::add);
        List<Hash> releases = new ArrayList<>();
        for (Signed<Pin> pin : director.pins()) {
            documents.add(pin.envelope());
            if (pin.document().order() instanceof Order.Run(Hash release)) {
                releases.add(release);
            }
        }
        releases.stream()
                .distinct()
                .forEach(release ->
                        catalog.release(release).map(Signed::envelope).ifPresent(documents::add));
        return Documents.of(documents);
    }

    private void announce() {
        PeerAddress self = new PeerAddress(subject().id(), Enroller.DEFAULT_SITE, address());
        fleet.publish(
                new Presence(Presence.Kind.COORDINATOR, self, Optional.empty(), Map.of(), doorbell.get(), List.of()));
    }

    private Subject subject() {
        return identity().subject();
    }

    private TlsIdentity identity() {
        return keys.newest().orElseThrow();
    }

    private void renew() {
        try {
            while (true) {
                Thread.sleep(RENEWAL_CHECK);
                try {
                    renewIfDue();
                    if (attestor.isDue()) {
                        changed();
                    }
                } catch (IOException e) {
                    LOG.log(Level.ERROR, "certificate not renewed: coordinator=" + subject(), e);
                }
            }
        } catch (InterruptedException _) {
            // The coordinator is being closed.
        }
    }

    private static void watch(Rollouts rollouts) {
        try {
            while (true) {
                rollouts.look();
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (InterruptedException _) {
            // The coordinator is being closed.
        }
    }

    private void renewIfDue() throws IOException {
        TlsIdentity now = identity();
        if (clock.instant().isBefore(now.renewAt())) {
            return;
        }
        Validity validity = Validity.from(clock.instant(), config.lives().coordinator());
        TlsIdentity next = new TlsIdentity(
                now.key(), ca.issue(now.key().verifyKey(), now.subject(), FleetInit.addresses(config), validity));
        next.save(config.home().resolve("tls.pem"));
        keys.renew(next);
        LOG.log(Level.INFO, "certificate renewed: coordinator={0} until={1}", next.subject(), next.notAfter());
    }

    @Override
    public void close() throws IOException {
        renewal.interrupt();
        companions.forEach(Companion::close);
        watching.ifPresent(Thread::interrupt);
        server.ifPresent(ApiServer::close);
        audit.close();
        lock.close();
        LOG.log(Level.INFO, "coordinator stopped: id={0}", subject().id());
    }
}
