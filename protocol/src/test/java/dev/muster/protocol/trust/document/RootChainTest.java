package dev.muster.protocol.trust.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.VerifyKey;
import java.security.PublicKey;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class RootChainTest {
    private static final Set<Algorithm> ED = Set.of(Algorithm.ED25519);

    private final FleetFixture fleet = FleetFixture.plain();
    private final Envelope first = fleet.root.sign(List.of(fleet.rootKey));

    @Test
    void aRootIsBelievedBecauseOfItsHash() throws Refused {
        assertEquals(fleet.root, RootChain.of(first.hash(), List.of(first)).newest());
        assertRefused(Reason.WRONG_HASH, () -> RootChain.of(Hash.of(new byte[1]), List.of(first)));
    }

    @Test
    void theNextRootIsSignedByTheKeysOfBoth() throws Refused {
        SigningKey fresh = SigningKey.generate(ED);
        Root second = withRootKey(2, fresh);
        RootChain chain = RootChain.of(first.hash(), List.of(first));

        RootChain longer = chain.step(second.sign(List.of(fleet.rootKey, fresh)));

        assertEquals(second, longer.newest());
        assertRefused(Reason.NOT_SIGNED, () -> chain.step(second.sign(List.of(fleet.rootKey))));
        assertRefused(Reason.NOT_SIGNED, () -> chain.step(second.sign(List.of(fresh))));
    }

    @Test
    void aChainStartsAtThePinnedRootWhereverItStands() throws Refused {
        Envelope second = withRootKey(2, fleet.rootKey).sign(List.of(fleet.rootKey));
        Envelope third = withRootKey(3, fleet.rootKey).sign(List.of(fleet.rootKey));

        RootChain chain = RootChain.of(second.hash(), List.of(first, second, third));

        assertEquals(3, chain.newest().number());
        assertEquals(2, chain.roots().size());
    }

    @Test
    void aRootThatIsThereAlreadyChangesNothing() throws Refused {
        RootChain chain = RootChain.of(first.hash(), List.of(first));

        assertSame(chain, chain.step(first));
    }

    @Test
    void rootsStepByOne() throws Refused {
        Envelope second = withRootKey(2, fleet.rootKey).sign(List.of(fleet.rootKey));
        RootChain chain = RootChain.of(first.hash(), List.of(first, second));

        assertRefused(Reason.SKIPPED, () -> chain.step(signed(withRootKey(4, fleet.rootKey))));
        assertRefused(Reason.REPLAYED, () -> chain.step(signed(other(1))));
        assertRefused(Reason.EQUIVOCATION, () -> chain.step(signed(other(2))));
    }

    @Test
    void aRootOfAnotherFleetIsRefused() throws Refused {
        RootChain chain = RootChain.of(first.hash(), List.of(first));
        Root stranger = new Root("other", 2, 0, ED, fleet.root.roles(), fleet.root.terms());

        assertRefused(Reason.WRONG_SCOPE, () -> chain.step(signed(stranger)));
    }

    @Test
    void oneKeyUnderTwoNamesIsNoRoot() {
        SigningKey two = SigningKey.generate(SigningKey.HYBRID);
        SortedMap<Algorithm, PublicKey> part =
                new TreeMap<>(Map.of(Algorithm.ED25519, two.verifyKey().publicKey(Algorithm.ED25519)));
        Signers doubled = Signers.of(2, List.of(two.verifyKey(), new VerifyKey(part)));

        assertThrows(IllegalArgumentException.class, () -> withRole(KeyRole.RELEASE, doubled, ED));
    }

    @Test
    void aKeyThatCannotSignAsRequiredIsNoKeyOfARoot() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Root("lab", 1, 0, SigningKey.HYBRID, fleet.root.roles(), fleet.root.terms()));
    }

    @Test
    void aThresholdThatNobodyCanReachIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Signers.of(2, List.of(fleet.rootKey.verifyKey())));
        assertThrows(IllegalArgumentException.class, () -> Signers.of(0, List.of(fleet.rootKey.verifyKey())));
    }

    private Envelope signed(Root root) {
        return root.sign(List.of(fleet.rootKey));
    }

    private Root withRootKey(long number, SigningKey key) {
        Map<KeyRole, Signers> roles = new EnumMap<>(fleet.root.roles());
        roles.put(KeyRole.ROOT, FleetFixture.signers(List.of(key)));
        return new Root("lab", number, 0, ED, roles, fleet.root.terms());
    }

    private Root other(long number) {
        return new Root("lab", number, 7, ED, fleet.root.roles(), fleet.root.terms());
    }

    private Root withRole(KeyRole role, Signers signers, Set<Algorithm> required) {
        Map<KeyRole, Signers> roles = new EnumMap<>(fleet.root.roles());
        roles.put(role, signers);
        return new Root("lab", 1, 0, required, roles, fleet.root.terms());
    }

    private static void assertRefused(Reason reason, Executable call) {
        assertEquals(reason, assertThrows(Refused.class, call).reason());
    }
}
