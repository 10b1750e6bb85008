package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.KeyId;
import dev.muster.protocol.trust.key.SigningKey;
import java.util.Collection;
import java.util.Set;

/// A numbered order of a director: under this name, these hosts run that release. Which of several decides is
/// [PinBook]'s business.
public record Pin(String name, Scope scope, Order order, Wave wave, Sequence sequence, Terms terms) {
    private static final long HOUR_MILLIS = 3_600_000;

    public Pin {
        Names.require("name", name);
        boolean everybody = scope.equals(Scope.all()) && wave.equals(Wave.all()) && terms.pacePpmPerHour == 0;
        if (order.kept().isPresent() && !everybody) {
            throw new IllegalArgumentException("what is kept or let go, all hosts keep or let go, and at once");
        }
    }

    /// The pin's place among those of the same director key.
    ///
    /// @param key the director who counts; it must be among the signers
    /// @param number higher than that of any pin the director knows of, its own or another's
    /// @param previous hash of the key's pin before this one; zeros for its first
    public record Sequence(KeyId key, long number, Hash previous) implements Comparable<Sequence> {
        public static final Hash NONE = new Hash(0, 0, 0, 0);

        public Sequence {
            if (number < 1) {
                throw new IllegalArgumentException("pins are numbered from 1, not " + number);
            }
        }

        /// By number, then by key: two directors that act at once still leave one order to everybody.
        @Override
        public int compareTo(Sequence other) {
            int order = Long.compare(number, other.number);
            return order != 0 ? order : key.compareTo(other.key);
        }
    }

    /// @param priority 0 to 65,535; of the scopes that match a host the highest decides
    /// @param pacePpmPerHour how fast a fraction grows to its size from when it begins; 0 = at once
    /// @param rollback whether the order is to go back, so that hosts may take it from what they kept
    public record Terms(int priority, int pacePpmPerHour, boolean rollback, Times times) {
        public static final int PRIORITY_MAX = 0xffff;

        public Terms {
            if (priority < 0 || priority > PRIORITY_MAX || pacePpmPerHour < 0) {
                throw new IllegalArgumentException(
                        "not terms of a pin: priority " + priority + ", pace " + pacePpmPerHour + " ppm per hour");
            }
        }
    }

    /// Epoch milliseconds.
    ///
    /// @param notBefore no host acts earlier
    /// @param deadline when all should be done; 0 = none
    /// @param expires nobody accepts it as new from then on; who has accepted it keeps to it
    public record Times(long created, long notBefore, long deadline, long expires) {
        public Times {
            if (created < 0 || notBefore < 0 || deadline < 0 || expires <= Math.max(created, notBefore)) {
                throw new IllegalArgumentException("not times of a pin: created " + created + ", not before "
                        + notBefore + ", deadline " + deadline + ", expires " + expires);
            }
        }
    }

    /// When it begins to reach hosts.
    private long begin() {
        return Math.max(terms.times.created, terms.times.notBefore);
    }

    /// Whether by now it has reached every host of its scope, so that older ones no longer matter.
    ///
    /// @param now epoch milliseconds
    /// @param brake what holds it back besides its own pace
    boolean reachesAll(long now, Brake brake) {
        return wave.equals(Wave.all())
                && terms.times.notBefore <= Math.max(now, terms.times.created)
                && reach(now, brake) == Wave.ALL_PPM;
    }

    /// Whether it has reached this host, which must be in its scope.
    ///
    /// @param now epoch milliseconds
    boolean reaches(String host, long now, Brake brake) {
        if (now < terms.times.notBefore) {
            return false;
        }
        long reach = reach(now, brake);
        boolean paced = brake.ppmPerHour == 0 || Wave.isBelow(Wave.slot(host, order.salt()), reach);
        return paced && wave.reaches(host, order.salt(), reach);
    }

    /// The fraction of hosts that it may have reached by now.
    private long reach(long now, Brake brake) {
        long own = grown(Math.max(0, now - begin()), terms.pacePpmPerHour);
        long braked = grown(Math.max(0, now - Math.max(begin(), brake.since)), brake.ppmPerHour);
        return Math.min(own, braked);
    }

    private static long grown(long elapsedMillis, int ppmPerHour) {
        if (ppmPerHour == 0 || elapsedMillis > Long.MAX_VALUE / ppmPerHour) {
            return Wave.ALL_PPM;
        }
        return Math.min(Wave.ALL_PPM, elapsedMillis * ppmPerHour / HOUR_MILLIS);
    }

    /// What the fleet's root and a host's own memory do to the speed of a pin: a stolen director key can neither outrun
    /// the root's ceiling, nor say that its pin is older than it is.
    ///
    /// @param ppmPerHour the ceiling, in millionths of the fleet per hour; 0 = none
    /// @param since epoch milliseconds: the pin cannot be older than this, whatever it says
    record Brake(int ppmPerHour, long since) {
        static final Brake NONE = new Brake(0, 0);
    }

    public Envelope sign(Collection<SigningKey> keys) {
        return Envelope.sign(Type.PIN, encode(), keys);
    }

    /// The pin in the envelope, if enough director keys of `root` signed it, among them the one that counts.
    public static Signed<Pin> verify(Envelope envelope, Root root) throws Refused {
        Set<KeyId> signers = root.verify(envelope, KeyRole.DIRECTOR);
        Pin pin = unverified(envelope);
        if (!signers.contains(pin.sequence.key)) {
            throw new Refused(
                    Reason.NOT_SIGNED,
                    "pin: expected a signature by its own " + pin.sequence.key + ", found " + signers);
        }
        return new Signed<>(pin, signers, envelope);
    }

    /// The pin in the envelope, of which no signature was verified: for those who look at it in order to sign.
    public static Pin unverified(Envelope envelope) throws Refused {
        return envelope.parse(Type.PIN, Pin::read, Pin::encode);
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(512).text(name);
        scope.write(out);
        order.write(out);
        wave.write(out);
        sequence.key.hash().write(out);
        sequence.previous.write(out.u64(sequence.number));
        out.u16(terms.priority).flag(terms.rollback).u32(terms.pacePpmPerHour);
        Times times = terms.times;
        out.u64(times.created).u64(times.notBefore).u64(times.deadline).u64(times.expires);
        return out.toBytes();
    }

    private static Pin read(ByteReader in) throws Corrupt {
        String name = in.text(64);
        Scope scope = Scope.read(in);
        Order order = Order.read(in);
        Wave wave = Wave.read(in);
        Sequence sequence = new Sequence(new KeyId(Hash.read(in)), in.u64(), Hash.read(in));
        int priority = in.u16();
        boolean rollback = in.flag();
        int pace = in.u32(Integer.MAX_VALUE);
        Times times = new Times(in.u64(), in.u64(), in.u64(), in.u64());
        return new Pin(name, scope, order, wave, sequence, new Terms(priority, pace, rollback, times));
    }
}
