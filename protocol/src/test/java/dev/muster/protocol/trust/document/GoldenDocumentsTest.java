package dev.muster.protocol.trust.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.ContentId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bytes of each document, as the package's documentation gives them. A change here is a new version of the format.
final class GoldenDocumentsTest {
    private static final HexFormat HEX = HexFormat.of();

    /// RFC 8032, section 7.1, test 1.
    private static final String SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    private static final String PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    private static final Hash ONES = Hash.parse("01".repeat(32));
    private static final Hash TWOS = Hash.parse("02".repeat(32));

    @TempDir
    Path directory;

    private SigningKey key = SigningKey.generate(Set.of(Algorithm.ED25519));

    @BeforeEach
    void loadKey() throws IOException {
        Path file = directory.resolve("key.pem");
        Files.writeString(
                file,
                pem("PRIVATE KEY", "302e020100300506032b657004220420" + SEED)
                        + pem("PUBLIC KEY", "302a300506032b6570032100" + PUBLIC));
        key = SigningKey.load(file);
    }

    @Test
    void theKeyHasTheNameItAlwaysHad() {
        assertEquals(
                Hash.of(HEX.parseHex("4d4b31" + "01" + "2c000000" + "302a300506032b6570032100" + PUBLIC)),
                key.id().hash());
    }

    @Test
    void anEnvelopeIsWrittenAsItAlwaysWas() throws Refused {
        Envelope envelope = release().sign(List.of(key));
        String payload = HEX.formatHex(release().encode());
        String length = "%02x000000".formatted(payload.length() / 2);
        byte[] signed = HEX.parseHex("6d75737465722f76312f" + "72656c65617365" + "00" + length + payload);
        String signature = HEX.formatHex(signature(signed));

        assertEquals(
                "4d535452444f43" + "0100" + "02" + length + payload + "01"
                        + key.id().hash().hex() + "01" + "4000" + signature,
                HEX.formatHex(envelope.encode()));
        assertEquals(Hash.of(signed), envelope.hash());
    }

    @Test
    void aReleaseIsWrittenAsItAlwaysWas() {
        assertEquals(
                "0300" + "776562" + "0300" + "312e30" // web, 1.0
                        + "0700000000000000" // counter
                        + "0300" + "616e79" + "0300" + "616e79" // product, hardware
                        + "e803000000000000" // created
                        + "02"
                        + "0400" + "6469736b" + "0000100000000000" + ONES.hex() + TWOS.hex()
                        + "0600" + "6b65726e656c" + "0010000000000000" + TWOS.hex() + ONES.hex()
                        + "0500" + "7175696574" // command line
                        + "00".repeat(32),
                HEX.formatHex(release().encode()));
    }

    @Test
    void aPinIsWrittenAsItAlwaysWas() {
        Pin.Terms terms = new Pin.Terms(258, 500_000, true, new Pin.Times(1000, 2000, 3000, 4000));
        Pin.Sequence sequence = new Pin.Sequence(key.id(), 5, TWOS);
        Scope racks = new Scope.Match(new TreeMap<>(Map.of("rack", "A1")));
        String tail = key.id().hash().hex() + "0500000000000000" + TWOS.hex()
                + "0201" + "01" + "20a10700" // priority, rollback, pace
                + "e803000000000000" + "d007000000000000" + "b80b000000000000" + "a00f000000000000";

        Pin run = new Pin("web", racks, new Order.Run(ONES), new Wave.Fraction(10_000), sequence, terms);
        Scope hosts = new Scope.Hosts(List.of("h1", "h2"));
        Pin withdraw = new Pin("web", hosts, new Order.Withdraw(), new Wave.Hosts(List.of("h1")), sequence, terms);

        assertEquals(
                "0300" + "776562" + "01" + "01" + "0400" + "7261636b" + "0200" + "4131" + "01" + ONES.hex() + "01"
                        + "10270000" + tail,
                HEX.formatHex(run.encode()));
        assertEquals(
                "0300" + "776562" + "02" + "0200" + "0200" + "6831" + "0200" + "6832" + "02" + "02" + "0100" + "0200"
                        + "6831" + tail,
                HEX.formatHex(withdraw.encode()));
    }

    @Test
    void aPinThatLetsAReleaseGoIsWrittenAsItAlwaysWas() {
        Pin.Terms terms = new Pin.Terms(0, 0, false, new Pin.Times(1000, 0, 0, 4000));
        Pin.Sequence sequence = new Pin.Sequence(key.id(), 5, TWOS);
        String head = "0300" + "776562" + "0100"; // web, everybody
        String tail = "01" + "40420f00" // all
                + key.id().hash().hex() + "0500000000000000" + TWOS.hex()
                + "0000" + "00" + "00000000" + "e803000000000000" + "00".repeat(16) + "a00f000000000000";

        assertEquals(
                head + "03" + ONES.hex() + tail,
                HEX.formatHex(
                        new Pin("web", Scope.all(), new Order.Retire(ONES), Wave.all(), sequence, terms).encode()));
        assertEquals(
                head + "04" + ONES.hex() + tail,
                HEX.formatHex(
                        new Pin("web", Scope.all(), new Order.BringBack(ONES), Wave.all(), sequence, terms).encode()));
    }

    @Test
    void aRevocationListIsWrittenAsItAlwaysWas() throws Refused {
        Revocations list = new Revocations(
                9,
                1000,
                new TreeSet<>(Set.of(ONES, TWOS)),
                new TreeMap<>(Map.of("web", 3L)),
                new Revocations.Members(
                        new TreeSet<>(Set.of("h1", "h2")), new TreeSet<>(), new TreeSet<>(Set.of("c2"))));

        assertEquals(
                "0900000000000000" + "e803000000000000"
                        + "0200" + ONES.hex() + TWOS.hex()
                        + "0100" + "0300" + "776562" + "0300000000000000" // no web below 3
                        + "0200" + "0200" + "6831" + "0200" + "6832" // hosts
                        + "0100" + "0200" + "6332" // coordinators
                        + "0000", // operators
                HEX.formatHex(list.encode()));
        assertEquals(list, Revocations.unverified(list.sign(List.of(key))));
    }

    @Test
    void freshnessIsWrittenAsItAlwaysWas() throws Refused {
        Freshness freshness = new Freshness(
                key.id(),
                4,
                new Freshness.Span(1000, 2000),
                new Freshness.Newest(2, 9, new TreeMap<>(Map.of(key.id(), 5L))));
        String id = key.id().hash().hex();

        assertEquals(
                id + "0400000000000000" + "e803000000000000" + "d007000000000000" + "0200000000000000"
                        + "0900000000000000" + "01" + id + "0500000000000000",
                HEX.formatHex(freshness.encode()));
        Map<KeyRole, Signers> roles = new EnumMap<>(KeyRole.class);
        for (KeyRole role : KeyRole.values()) {
            roles.put(role, Signers.of(1, List.of(key.verifyKey())));
        }
        Root root = new Root("lab", 1, 1000, Set.of(Algorithm.ED25519), roles, new Root.Terms(ONES, 250_000, 30));
        assertEquals(
                freshness, Freshness.verify(freshness.sign(List.of(key)), root).document());
    }

    @Test
    void aRootIsWrittenAsItAlwaysWas() throws Refused {
        Map<KeyRole, Signers> roles = new EnumMap<>(KeyRole.class);
        for (KeyRole role : KeyRole.values()) {
            roles.put(role, Signers.of(1, List.of(key.verifyKey())));
        }
        Root root = new Root("lab", 1, 1000, Set.of(Algorithm.ED25519), roles, new Root.Terms(ONES, 250_000, 30));
        String id = key.id().hash().hex();

        assertEquals(
                "0300" + "6c6162" + "0100000000000000" + "e803000000000000"
                        + "01" + "01" // required
                        + "01" + "01" + "01" + "2c000000" + "302a300506032b6570032100" + PUBLIC
                        + "010101" + id + "020101" + id + "030101" + id + "040101" + id
                        + ONES.hex() + "90d00300" + "1e00",
                HEX.formatHex(root.encode()));
        assertEquals(root, Root.parse(root.sign(List.of(key))));
    }

    static HostReport report() {
        SortedMap<String, HostReport.Image> running =
                new TreeMap<>(Map.of("web", new HostReport.Image(ONES, new ManifestId(TWOS))));
        HostReport.Work work = new HostReport.Work(
                HostReport.State.FAILED, new HostReport.Progress(1, 2), 3, new HostReport.Times(4, 5, 6), "no");
        return new HostReport(
                new HostReport.Origin("h1", 9, "b", 1000),
                HostReport.State.FAILED,
                new HostReport.Place("a:1", "x"),
                new HostReport.Images(
                        running,
                        new TreeMap<>(),
                        HostReport.Stock.of(KeepRule.parse("web,d*"), List.of(new ManifestId(ONES)))),
                new TreeMap<>(Map.of("web", work)),
                new HostReport.Effort(
                        new HostReport.Received(7, 8, 9, 10),
                        11,
                        new TreeMap<>(Map.of("h2", 12L)),
                        99,
                        new HostReport.Allowed(13, 14, 15),
                        "budget"));
    }

    @Test
    void aHostReportIsWrittenAsItAlwaysWas() throws Refused {
        HostReport report = report();

        assertEquals(
                "0200" + "6831" + "0900000000000000" + "0100" + "62" + "e803000000000000" + "04"
                        + "0300" + "613a31" + "0100" + "78"
                        + "0100" + "0300" + "776562" + ONES.hex() + TWOS.hex() + "0000"
                        + "0600" + "7765622c642a" + "0100" + "8080808080808000" // keeps web,d*; has ONES
                        + "0100" + "0300" + "776562" + "04" // one work: web has failed
                        + "0100000000000000" + "0200000000000000" + "0300000000000000" + "0400000000000000"
                        + "0500000000000000" + "0600000000000000" + "0200" + "6e6f"
                        + "0700000000000000" + "0800000000000000" + "0900000000000000" + "0a00000000000000"
                        + "0b00000000000000" + "63" + "01" + "0200" + "6832" + "0c00000000000000"
                        + "0d00000000000000" + "0e00000000000000" + "0f00000000000000"
                        + "0600" + "627564676574",
                HEX.formatHex(report.encode()));
        assertEquals("web: no", report.error());
        assertTrue(report.images().stock().has(new ManifestId(ONES)));
        assertFalse(report.images().stock().has(new ManifestId(TWOS)));
        SigningKey hostKey = SigningKey.generate(SigningKey.TLS);
        assertEquals(
                report,
                HostReport.verify(report.sign(hostKey), "h1", hostKey.verifyKey())
                        .document());
    }

    private static Release release() {
        return new Release(
                new Release.Name("web", "1.0"),
                7,
                Release.Fit.any(),
                1000,
                List.of(
                        new Artifact("disk", 1 << 20, new ContentId(ONES), new ManifestId(TWOS)),
                        new Artifact("kernel", 4096, new ContentId(TWOS), new ManifestId(ONES))),
                new Release.Extras("quiet", new Hash(0, 0, 0, 0)));
    }

    private byte[] signature(byte[] signed) {
        byte[] out = new byte[64];
        key.sign(signed).getFirst().bytes().get(out);
        return out;
    }

    private static String pem(String label, String hex) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(HEX.parseHex(hex))
                + "\n-----END " + label + "-----\n";
    }
}
