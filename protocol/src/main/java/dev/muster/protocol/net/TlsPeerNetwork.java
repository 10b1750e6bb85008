package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.net.LinkTable.Verdict;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.Message.Hello;
import dev.muster.protocol.wire.PeerAddress;
import io.vertx.core.Context;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// Links over TLS 1.3 with the certificates of a fleet's hosts.
public final class TlsPeerNetwork implements PeerNetwork {
    private static final Logger LOG = System.getLogger(TlsPeerNetwork.class.getName());

    private final PeerListener listener;
    private final TlsKeys keys;
    private final LinkTable<TlsLink> table;
    private final EventLoops loops;
    private final AtomicInteger greetings = new AtomicInteger();
    private volatile Terms terms;

    private TlsPeerNetwork(Terms terms, TlsKeys keys, PeerListener listener) {
        this.terms = terms;
        this.keys = keys;
        this.listener = listener;
        this.table = new LinkTable<>(terms.self().host(), terms.limits().links());
        this.loops = new EventLoops(terms.limits().greeting());
    }

    /// Listens at `listen` (port 0: any free one) and is there for peers.
    ///
    /// @param site what this host says of where it is
    /// @param keys of an enrolled host; renewing them is enough
    /// @throws BadConfiguration if the address cannot be listened on
    public static TlsPeerNetwork open(
            Address listen, String site, TlsKeys keys, FleetTrust trust, LinkLimits limits, PeerListener listener)
            throws BadConfiguration {
        Subject self = keys.newest()
                .map(TlsIdentity::subject)
                .filter(subject -> subject.role() == Subject.Role.HOST)
                .orElseThrow(() -> new IllegalArgumentException("a peer network is for an enrolled host"));
        Hello hello = new Hello(Message.VERSION, self.fleet(), self.id(), site);
        TlsPeerNetwork network = new TlsPeerNetwork(
                new Terms(hello, new TlsSetup(keys, trust), limits, new HeapBuffers()), keys, listener);
        network.loops.listen(listen, network::accept);
        LOG.log(Level.INFO, "peers welcome: address={0} host={1} site={2}", network.address(), self.id(), site);
        return network;
    }

    /// From now on `trust` decides about new connections; those that are there stay.
    public void trust(FleetTrust trust) {
        terms = new Terms(terms.self(), new TlsSetup(keys, trust), terms.limits(), terms.buffers());
    }

    /// Closes the links with these hosts. That there are no new ones is what `trust` says.
    public void closeIf(Predicate<String> host, String why) {
        table.all().stream().filter(link -> host.test(link.host())).forEach(link -> link.close(why));
    }

    @Override
    public Address address() {
        return loops.address();
    }

    @Override
    public int links() {
        return table.all().size();
    }

    @Override
    public void connect(PeerAddress peer) {
        switch (table.startDial(peer.host())) {
            case START -> loops.run(() -> dial(peer));
            case NO_ROOM -> loops.run(() -> listener.failed(peer, "too many links"));
            case NEEDLESS -> {}
        }
    }

    private void dial(PeerAddress peer) {
        loops.connect(peer.address()).onComplete(connected -> {
            if (connected.succeeded()) {
                greet(connected.result(), Optional.of(peer.host()), new Dialled(peer));
            } else {
                new Dialled(peer).failed(String.valueOf(connected.cause().getMessage()));
            }
        });
    }

    private void accept(NetSocket socket) {
        if (greetings.incrementAndGet() > terms.limits().greetings()) {
            greetings.decrementAndGet();
            socket.close();
        } else {
            greet(socket, Optional.empty(), new Accepted(socket));
        }
    }

    private void greet(NetSocket socket, Optional<String> expectedHost, Greeting.Outcome outcome) {
        Context context = loops.current();
        new Greeting(terms, (NetSocketInternal) socket, context, expectedHost, outcome).start();
    }

    private void settle(Verdict<TlsLink> verdict, TlsLink link) {
        if (verdict.taken()) {
            link.start(terms.limits());
            verdict.replaced().ifPresent(old -> old.close("another connection with the same host took its place"));
        } else {
            link.close("another connection with the same host stays, or there are too many");
        }
    }

    private void gone(TlsLink link) {
        table.remove(link.host(), link);
    }

    /// A dial of ours.
    private final class Dialled implements Greeting.Outcome {
        private final PeerAddress peer;

        Dialled(PeerAddress peer) {
            this.peer = peer;
        }

        @Override
        public void greeted(MessageSocket socket, Hello hello) {
            TlsLink link = new TlsLink(socket, hello, true, listener, TlsPeerNetwork.this::gone);
            settle(table.dialled(hello.host(), link), link);
        }

        @Override
        public void failed(String why) {
            table.failDial(peer.host());
            if (!table.isLinked(peer.host())) {
                listener.failed(peer, why);
            }
        }
    }

    /// A connection that came in.
    private final class Accepted implements Greeting.Outcome {
        private final NetSocket from;

        Accepted(NetSocket from) {
            this.from = from;
        }

        @Override
        public void greeted(MessageSocket socket, Hello hello) {
            greetings.decrementAndGet();
            TlsLink link = new TlsLink(socket, hello, false, listener, TlsPeerNetwork.this::gone);
            Verdict<TlsLink> verdict = table.accepted(hello.host(), link);
            if (verdict.taken()) {
                socket.send(terms.self());
            }
            settle(verdict, link);
        }

        @Override
        public void failed(String why) {
            greetings.decrementAndGet();
            LOG.log(Level.DEBUG, "connection refused: from={0} why={1}", from.remoteAddress(), why);
        }
    }

    @Override
    public void close() {
        loops.close();
    }
}
