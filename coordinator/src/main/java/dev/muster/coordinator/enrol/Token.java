package dev.muster.coordinator.enrol;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is kept of a join token: not the token.
///
/// @param hash SHA-256 of the token
/// @param uses how many hosts it may take in, in all
/// @param expires epoch milliseconds
/// @param grant what it says of those hosts
/// @param hosts those that it has taken in
record Token(Hash hash, int uses, long expires, Grant grant, List<String> hosts) {
    static final int USES_MAX = 100_000;

    Token {
        hosts = List.copyOf(hosts);
        if (uses < 1 || uses > USES_MAX) {
            throw new IllegalArgumentException("a token has 1 to 100,000 uses, not " + uses);
        }
    }

    /// @param site where the hosts are, or empty if they may say so themselves
    record Grant(String site, SortedMap<String, String> labels) {
        Grant {
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        }
    }

    boolean isFor(String host) {
        return hosts.contains(host) || hosts.size() < uses;
    }

    Token usedBy(String host) {
        List<String> more = new ArrayList<>(hosts);
        more.add(host);
        return new Token(hash, uses, expires, grant, more);
    }

    /// SHA-256 of the token 32 | u32 uses | u64 expires | text site | labels | u32 count, { text host }.
    static final class Format implements RecordFiles.Fields<Token> {
        static final String MAGIC = "MSTRTOKN";

        @Override
        public void write(Token token, ByteWriter out) {
            token.hash.write(out);
            out.u32(token.uses).u64(token.expires).text(token.grant.site);
            LabelField.write(token.grant.labels, out);
            out.u32(token.hosts.size());
            token.hosts.forEach(out::text);
        }

        @Override
        public Token read(ByteReader in) throws IOException {
            Hash hash = Hash.read(in);
            int uses = in.u32(USES_MAX);
            long expires = in.u64();
            Grant grant = new Grant(in.text(64), LabelField.read(in));
            int count = in.count(USES_MAX, Short.BYTES);
            List<String> hosts = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                hosts.add(in.text(64));
            }
            return new Token(hash, uses, expires, grant, hosts);
        }
    }
}
