package dev.muster.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteWriter;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MembershipTest {
    @Test
    void aMembershipIsReadAsItWasWritten() throws Corrupt {
        Membership membership = new Membership("rome", labels(Map.of("site", "rome", "rack", "A:1")));

        assertEquals(membership, Membership.decode(membership.encode()));
    }

    @Test
    void theSiteIsTheOneThatTheLabelsSay() {
        for (Map<String, String> labels : List.of(Map.<String, String>of(), Map.of("site", "oslo"))) {
            assertThrows(IllegalArgumentException.class, () -> new Membership("rome", labels(labels)));
            assertThrows(Corrupt.class, () -> Membership.decode(encoded("rome", labels)));
        }
    }

    @Test
    void aSiteThatIsNoNameIsRefused() {
        for (String site : List.of("", "Rome", "ro/me", "x".repeat(65))) {
            assertThrows(Corrupt.class, () -> Membership.decode(encoded(site, Map.of("site", site))), site);
        }
    }

    private static SortedMap<String, String> labels(Map<String, String> labels) {
        return new TreeMap<>(labels);
    }

    private static byte[] encoded(String site, Map<String, String> labels) {
        ByteWriter out = new ByteWriter().text(site).u8(labels.size());
        labels.forEach((label, value) -> out.text(label).text(value));
        return out.toBytes();
    }
}
