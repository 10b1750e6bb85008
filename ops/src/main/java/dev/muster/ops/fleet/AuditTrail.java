package dev.muster.ops.fleet;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.net.AuditEntry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The audit log of a coordinator, read from its beginning: each entry must follow the one before it.
public final class AuditTrail {
    private AuditTrail() {}

    /// Where it ends.
    ///
    /// @param number of the newest entry; 0 if there is none
    public record End(long number, Hash hash) {}

    /// Reads all of it.
    ///
    /// @param each is given every entry that follows
    /// @param noted an entry that somebody wrote down earlier, which must be there still
    /// @throws Corrupt if one does not follow, or the noted one is another
    public static End read(Operator operator, Consumer<AuditEntry> each, Optional<End> noted) throws IOException {
        End end = new End(0, AuditEntry.NONE);
        List<AuditEntry> page = operator.audit(0);
        while (!page.isEmpty()) {
            for (AuditEntry entry : page) {
                AuditEntry.checkFollows(end.number, end.hash, entry);
                end = new End(entry.number(), entry.hash());
                check(end, noted);
                each.accept(entry);
            }
            page = operator.audit(end.number);
        }
        if (noted.isPresent() && noted.get().number > end.number) {
            throw broken(noted.get(), end);
        }
        return end;
    }

    private static void check(End end, Optional<End> noted) throws IOException {
        if (noted.isPresent()
                && noted.get().number == end.number
                && !noted.get().hash.equals(end.hash)) {
            throw broken(noted.get(), end);
        }
    }

    private static IOException broken(End noted, End found) {
        return new Corrupt("audit log: expected entry " + noted.number + " to be " + noted.hash
                + ", as was noted, found that the log has " + found.number + ", " + found.hash);
    }
}
