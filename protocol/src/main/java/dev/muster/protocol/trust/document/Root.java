package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.KeyId;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.VerifyKey;
import java.security.PublicKey;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a fleet is: whose keys count for what. Everything else is believed because of this document.
///
/// @param number 1 for a new fleet, then one more each time
/// @param created epoch milliseconds
/// @param required every signer signs by each of these
/// @param roles all of [KeyRole]
public record Root(
        String fleet, long number, long created, Set<Algorithm> required, Map<KeyRole, Signers> roles, Terms terms) {
    public static final int KEYS_MAX = 64;

    public Root {
        Names.require("fleet", fleet);
        required = Collections.unmodifiableSet(EnumSet.copyOf(required));
        roles = Collections.unmodifiableMap(new EnumMap<>(roles));
        if (number < 1 || created < 0) {
            throw new IllegalArgumentException("not a root: number " + number + ", created " + created);
        }
        if (roles.size() != KeyRole.values().length) {
            throw new IllegalArgumentException(
                    "a root names the keys of every role, not of " + roles.keySet() + " only");
        }
        checkKeys(keysOf(roles), required);
    }

    /// What holds for the fleet besides keys.
    ///
    /// @param caRoot SHA-256 of the CA root's certificate
    /// @param pacingPpmPerHour no pin moves more hosts, in millionths of the fleet per hour; 0 = no ceiling
    /// @param graceDays how long an expired certificate is good for exchanging verified content
    public record Terms(Hash caRoot, int pacingPpmPerHour, int graceDays) {
        public static final int GRACE_DAYS = 30;

        public Terms {
            if (pacingPpmPerHour < 0 || graceDays < 0 || graceDays > 0xffff) {
                throw new IllegalArgumentException(
                        "not terms: pacing " + pacingPpmPerHour + " ppm per hour, grace " + graceDays + " days");
            }
        }
    }

    public Signers signers(KeyRole role) {
        Signers signers = roles.get(role);
        if (signers == null) {
            throw new IllegalStateException("checked when it was made");
        }
        return signers;
    }

    /// Signs by these, which should be enough of the new root's ROOT keys and of the former's.
    public Envelope sign(Collection<SigningKey> keys) {
        return Envelope.sign(Type.ROOT, encode(), keys);
    }

    /// Those of `role` who signed the document.
    Set<KeyId> verify(Envelope envelope, KeyRole role) throws Refused {
        return signers(role).verify(envelope, required);
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(4096).text(fleet).u64(number).u64(created);
        out.u8(required.size());
        required.forEach(algorithm -> out.u8(algorithm.code()));
        SortedMap<KeyId, VerifyKey> keys = keysOf(roles);
        out.u8(keys.size());
        keys.values().forEach(key -> key.write(out));
        roles.forEach((role, signers) -> {
            out.u8(role.code()).u8(signers.threshold()).u8(signers.keys().size());
            signers.keys().keySet().forEach(id -> id.hash().write(out));
        });
        terms.caRoot.write(out);
        return out.u32(terms.pacingPpmPerHour).u16(terms.graceDays).toBytes();
    }

    /// The next root, with other keys.
    ///
    /// @param now epoch milliseconds
    public Root next(Map<KeyRole, Signers> others, Terms otherTerms, long now) {
        return new Root(fleet, number + 1, now, required, others, otherTerms);
    }

    /// The root in the envelope, of which no signature was verified: for those who look at it in order to sign.
    public static Root unverified(Envelope envelope) throws Refused {
        return parse(envelope);
    }

    /// The root in the envelope, of which nothing was verified.
    static Root parse(Envelope envelope) throws Refused {
        return envelope.parse(Type.ROOT, Root::read, Root::encode);
    }

    private static Root read(ByteReader in) throws Corrupt {
        String fleet = in.text(64);
        long number = in.u64();
        long created = in.u64();
        Set<Algorithm> required = EnumSet.noneOf(Algorithm.class);
        int algorithms = in.u8(Algorithm.values().length);
        for (int i = 0; i < algorithms; i++) {
            int code = in.u8();
            required.add(Algorithm.of(code).orElseThrow(() -> in.refuse("a known algorithm", code)));
        }
        SortedMap<KeyId, VerifyKey> keys = new TreeMap<>();
        int keyCount = in.u8(KEYS_MAX);
        for (int i = 0; i < keyCount; i++) {
            VerifyKey key = VerifyKey.read(in);
            keys.put(key.id(), key);
        }
        Map<KeyRole, Signers> roles = new EnumMap<>(KeyRole.class);
        for (KeyRole role : KeyRole.values()) {
            roles.put(role, readSigners(in, role, keys));
        }
        Terms terms = new Terms(Hash.read(in), in.u32(Integer.MAX_VALUE), in.u16());
        return new Root(fleet, number, created, required, roles, terms);
    }

    private static Signers readSigners(ByteReader in, KeyRole role, SortedMap<KeyId, VerifyKey> keys) throws Corrupt {
        int code = in.u8();
        if (code != role.code()) {
            throw in.refuse("the keys of role " + role, "role " + code);
        }
        int threshold = in.u8();
        int count = in.u8(KEYS_MAX);
        SortedMap<KeyId, VerifyKey> chosen = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            KeyId id = new KeyId(Hash.read(in));
            VerifyKey key = keys.get(id);
            if (key == null) {
                throw in.refuse("a key of this root", id);
            }
            chosen.put(id, key);
        }
        return new Signers(threshold, chosen);
    }

    private static SortedMap<KeyId, VerifyKey> keysOf(Map<KeyRole, Signers> roles) {
        SortedMap<KeyId, VerifyKey> keys = new TreeMap<>();
        roles.values().forEach(signers -> keys.putAll(signers.keys()));
        return keys;
    }

    /// One key must not count twice under two names, so no two signers may share a public key.
    private static void checkKeys(SortedMap<KeyId, VerifyKey> keys, Set<Algorithm> required) {
        if (keys.size() > KEYS_MAX) {
            throw new IllegalArgumentException("at most 64 keys, not " + keys.size());
        }
        Map<PublicKey, KeyId> owners = new HashMap<>();
        keys.forEach((id, key) -> {
            if (!key.algorithms().containsAll(required)) {
                throw new IllegalArgumentException(id + " cannot sign by each of " + required);
            }
            for (PublicKey part : key.keys().values()) {
                if (owners.put(part, id) != null) {
                    throw new IllegalArgumentException("two signers share a key: " + id);
                }
            }
        });
    }
}
