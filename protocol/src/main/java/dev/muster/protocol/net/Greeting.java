package dev.muster.protocol.net;

import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.Message.Hello;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Context;
import io.vertx.core.internal.net.NetSocketInternal;
import java.security.cert.CertificateException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The beginning of a connection: the TLS handshake, who is there, and HELLO. It lives on the connection's event loop
/// and ends once, by [Outcome#greeted] or [Outcome#failed], within its time limit.
final class Greeting implements MessageSocket.Receiver {
    private final Terms terms;
    private final Optional<String> expectedHost;
    private final Outcome outcome;
    private final SslHandler tls;
    private final MessageSocket socket;
    private @Nullable Subject peer;
    private long timer;
    private boolean ended;

    /// What becomes of it.
    interface Outcome {
        /// The other end has proven to be `hello.host()`. A dialling end has sent its HELLO, an accepting end has not.
        void greeted(MessageSocket socket, Hello hello);

        void failed(String why);
    }

    /// @param socket just connected, nothing read from it
    /// @param context the socket's
    /// @param expectedHost who is to be there, where we dialled
    Greeting(Terms terms, NetSocketInternal socket, Context context, Optional<String> expectedHost, Outcome outcome) {
        this.terms = terms;
        this.expectedHost = expectedHost;
        this.outcome = outcome;
        this.tls = terms.tls().handler(expectedHost.isPresent(), terms.limits().greeting());
        this.socket = new MessageSocket(
                socket, context, terms.buffers(), terms.limits().queueBytes(), this);
    }

    /// To be called on the event loop before it reads, so that all that is ever read has been through TLS.
    void start() {
        long limitMillis = terms.limits().greeting().toMillis();
        timer = socket.context().owner().setTimer(limitMillis, _ -> socket.close("no HELLO in time"));
        tls.handshakeFuture().addListener(handshake -> {
            if (handshake.isSuccess()) {
                verify();
            } else {
                socket.close("TLS: " + handshake.cause().getMessage());
            }
        });
        socket.start(tls);
    }

    private void verify() {
        try {
            Subject subject = terms.tls().peer(tls);
            if (expectedHost.isPresent() && !subject.id().equals(expectedHost.get())) {
                socket.close("expected host " + expectedHost.get() + ", found " + subject.id());
            } else if (subject.id().equals(terms.self().host())) {
                socket.close("expected another host, found this one");
            } else {
                peer = subject;
                expectedHost.ifPresent(_ -> socket.send(terms.self()));
            }
        } catch (CertificateException e) {
            socket.close("TLS: " + e.getMessage());
        }
    }

    @Override
    public void message(Message message) {
        if (peer != null
                && message instanceof Hello(int version, String fleet, String host, String _)
                && version == terms.self().version()
                && fleet.equals(peer.fleet())
                && host.equals(peer.id())) {
            end();
            outcome.greeted(socket, (Hello) message);
        } else {
            socket.close(
                    "expected HELLO in version " + terms.self().version() + " of " + peer + ", found another message");
        }
    }

    @Override
    public void drained() {
        // Nothing but HELLO is sent so far.
    }

    @Override
    public void closed(String why) {
        if (!ended) {
            end();
            outcome.failed(why);
        }
    }

    private void end() {
        ended = true;
        socket.context().owner().cancelTimer(timer);
    }
}
