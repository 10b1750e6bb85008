package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import java.util.ArrayList;
import java.util.List;

/// One line of what was done in a fleet. Each holds the hash of the one before it, so that none can be
/// changed, taken out or put in without all after it becoming others.
///
/// Bytes: u64 number | u64 at | text who | text what | text outcome | SHA-256 of the bytes of the one before. A page of
/// them is u32 count (<= 1,000), { u32 length, entry }.
///
/// @param number 1 for the first, then one more each time
/// @param at epoch milliseconds
/// @param who the subject of their certificate
/// @param what the request, and of what
/// @param outcome `begun`, `done`, or the reason of a refusal
/// @param previous zeros for the first
public record AuditEntry(long number, long at, String who, String what, String outcome, Hash previous) {
    public static final int TEXT_BYTES_MAX = 1000;
    public static final int PAGE_MAX = 1000;

    /// More than an entry has.
    public static final int BYTES_MAX = 4096;

    /// What comes before the first.
    public static final Hash NONE = new Hash(0, 0, 0, 0);

    public AuditEntry {
        if (number < 1 || at < 0) {
            throw new IllegalArgumentException("not an entry: number " + number + ", at " + at);
        }
    }

    /// What the next one holds.
    public Hash hash() {
        return Hash.of(encode());
    }

    public byte[] encode() {
        ByteWriter out =
                new ByteWriter(256).u64(number).u64(at).text(who).text(what).text(outcome);
        previous.write(out);
        return out.toBytes();
    }

    public static AuditEntry decode(byte[] bytes) throws Corrupt {
        ByteReader in = ByteReader.of("audit entry", bytes);
        try {
            AuditEntry entry = new AuditEntry(
                    in.u64(),
                    in.u64(),
                    in.text(TEXT_BYTES_MAX),
                    in.text(TEXT_BYTES_MAX),
                    in.text(TEXT_BYTES_MAX),
                    Hash.read(in));
            in.end();
            return entry;
        } catch (IllegalArgumentException e) {
            throw new Corrupt("audit entry: " + e.getMessage(), e);
        }
    }

    public static byte[] encodePage(List<AuditEntry> entries) {
        ByteWriter out = new ByteWriter(64 * 1024).u32(entries.size());
        entries.forEach(entry -> out.blob(entry.encode()));
        return out.toBytes();
    }

    public static List<AuditEntry> decodePage(byte[] bytes) throws Corrupt {
        ByteReader in = ByteReader.of("audit entries", bytes);
        int count = in.count(PAGE_MAX, Integer.BYTES);
        List<AuditEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(decode(in.blob(BYTES_MAX)));
        }
        in.end();
        return entries;
    }

    /// That this one comes right after `before`, or is the first.
    ///
    /// @throws Corrupt saying where the chain is broken
    public static void checkFollows(long number, Hash before, AuditEntry next) throws Corrupt {
        if (next.number != number + 1 || !next.previous.equals(before)) {
            throw new Corrupt("audit log: expected entry " + (number + 1) + " after " + before.brief()
                    + ", found entry " + next.number + " after " + next.previous.brief());
        }
    }
}
