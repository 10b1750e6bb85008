package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.KeyId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The root documents of a fleet, from the one that somebody pinned by its hash to the newest. Each was signed by the
/// keys of the one before it and by its own. Immutable.
public final class RootChain {
    public static final int ROOTS_MAX = 1024;

    private final List<Signed<Root>> roots;

    private RootChain(List<Signed<Root>> roots) {
        this.roots = List.copyOf(roots);
    }

    /// Starts from the document with this hash, whichever of the fleet's roots that is, and steps through those after
    /// it.
    ///
    /// @param documents of this fleet in ascending order; those before the pinned one are not looked at
    public static RootChain of(Hash pinned, List<Envelope> documents) throws Refused {
        for (int i = 0; i < documents.size(); i++) {
            if (documents.get(i).hash().equals(pinned)) {
                RootChain chain = start(documents.get(i));
                for (Envelope next : documents.subList(i + 1, documents.size())) {
                    chain = chain.step(next);
                }
                return chain;
            }
        }
        throw new Refused(
                Reason.WRONG_HASH, "root: expected the document " + pinned + ", found " + documents.size() + " others");
    }

    private static RootChain start(Envelope pinned) throws Refused {
        Root root = Root.parse(pinned);
        Set<KeyId> signers = root.verify(pinned, KeyRole.ROOT);
        return new RootChain(List.of(new Signed<>(root, signers, pinned)));
    }

    /// The chain with one more root, or this one if it has that root already.
    public RootChain step(Envelope document) throws Refused {
        Hash hash = document.hash();
        if (roots.stream().anyMatch(root -> root.hash().equals(hash))) {
            return this;
        }
        if (roots.size() >= ROOTS_MAX) {
            throw new Refused(
                    Reason.NOT_ALLOWED, "root: expected at most " + ROOTS_MAX + " roots after the pinned one");
        }
        newest().verify(document, KeyRole.ROOT);
        Root next = Root.parse(document);
        Set<KeyId> signers = next.verify(document, KeyRole.ROOT);
        checkFollows(newest(), next);
        List<Signed<Root>> longer = new ArrayList<>(roots);
        longer.add(new Signed<>(next, signers, document));
        return new RootChain(longer);
    }

    private static void checkFollows(Root now, Root next) throws Refused {
        if (!next.fleet().equals(now.fleet())) {
            throw new Refused(Reason.WRONG_SCOPE, "root: expected fleet " + now.fleet() + ", found " + next.fleet());
        }
        if (next.number() != now.number() + 1) {
            Reason reason = next.number() < now.number()
                    ? Reason.REPLAYED
                    : next.number() == now.number() ? Reason.EQUIVOCATION : Reason.SKIPPED;
            throw new Refused(reason, "root: expected number " + (now.number() + 1) + ", found " + next.number());
        }
    }

    /// The newest of these roots that the check holds under; that of the newest root where it holds under none.
    <T> T anyOf(UnderRoot<T> check) throws Refused {
        for (Signed<Root> root : roots.reversed()) {
            try {
                return check.under(root.document());
            } catch (Refused _) {
                // An older root may still say who signed.
            }
        }
        return check.under(newest());
    }

    /// A check of a document that a root decides.
    @FunctionalInterface
    interface UnderRoot<T> {
        T under(Root root) throws Refused;
    }

    public Root newest() {
        return roots.getLast().document();
    }

    /// From the pinned one to the newest.
    public List<Signed<Root>> roots() {
        return roots;
    }
}
