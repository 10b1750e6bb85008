package dev.muster.bench.micro;

import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Beliefs;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.KeyRole;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.document.Scope;
import dev.muster.protocol.trust.document.Scope;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.document.Signers;
import dev.muster.protocol.trust.document.Wave;
import dev.muster.protocol.trust.key.SigningKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a pin costs the host that takes it in: its two signatures, and what becomes of it among a thousand others. And
/// what it costs the coordinator that signs it.
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TrustBenchmark {
    private static final long NOW = 1_800_000_000_000L;
    private static final int PINS = 1000;

    private final SigningKey key = SigningKey.generate(SigningKey.HYBRID);
    private final Root root = root();
    private byte[] pin = {};
    private Beliefs beliefs = beliefs();

    /// A host that has taken in a thousand pins, and the next one.
    @Setup
    public void sign() {
        for (int i = 1; i <= PINS; i++) {
            beliefs = next(beliefs, pin(i).sign(List.of(key)));
        }
        pin = pin(PINS + 1).sign(List.of(key)).encode();
    }

    /// Both signatures of one pin, and its payload.
    @Benchmark
    public Signed<Pin> verifyPin() throws Refused {
        return Pin.verify(Envelope.decode(pin), root);
    }

    /// The same, and its place among a thousand others.
    @Benchmark
    public Beliefs.Verdict judgePin() throws Refused {
        return beliefs.judge(Envelope.decode(pin), NOW);
    }

    /// Both signatures are made.
    @Benchmark
    public Envelope signPin() {
        return pin(1).sign(List.of(key));
    }

    private static Beliefs next(Beliefs before, Envelope envelope) {
        return switch (before.judge(envelope, NOW)) {
            case Beliefs.Verdict.Believed(Beliefs after) -> after;
            case Beliefs.Verdict.Known _ -> throw new IllegalStateException("signed twice");
            case Beliefs.Verdict.Refusal(var attack, var _, var _) ->
                throw new IllegalStateException(attack.toString());
        };
    }

    /// Of a host of its own, so that none supersedes another.
    private Pin pin(int number) {
        return new Pin(
                "web",
                new Scope.Hosts(List.of("h" + number)),
                new Order.Run(Hash.of(new byte[] {1})),
                Wave.all(),
                new Pin.Sequence(key.id(), number, Pin.Sequence.NONE),
                new Pin.Terms(0, 0, false, new Pin.Times(NOW, 0, 0, NOW + 1)));
    }

    private Root root() {
        Map<KeyRole, Signers> roles = new EnumMap<>(KeyRole.class);
        for (KeyRole role : KeyRole.values()) {
            roles.put(role, Signers.of(1, List.of(key.verifyKey())));
        }
        Root.Terms terms = new Root.Terms(Hash.of(new byte[] {2}), 0, Root.Terms.GRACE_DAYS);
        return new Root("bench", 1, NOW, SigningKey.HYBRID, roles, terms);
    }

    private Beliefs beliefs() {
        Envelope signed = root.sign(List.of(key));
        try {
            return Beliefs.of(RootChain.of(signed.hash(), new ArrayList<>(List.of(signed))));
        } catch (Refused e) {
            throw new IllegalStateException(e);
        }
    }
}
