package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a host says of itself, signed with its TLS key.
///
/// @param state of all names together: what the host is busy with, else whether something failed
/// @param work what it does, or did, for each name that is pinned
public record HostReport(
        Origin origin, State state, Place place, Images images, SortedMap<String, Work> work, Effort effort) {
    public static final int ERROR_BYTES_MAX = 1000;
    public static final int IMAGES_MAX = 256;

    private static final int ADDRESS_BYTES_MAX = 256;

    public HostReport {
        work = named(work);
    }

    /// What it works on, or worked on last.
    public Optional<Work> newest() {
        return work.values().stream().max(Comparator.comparingLong(each -> each.times.started));
    }

    /// What went wrong, for people: the first name for which something did, and what, else what keeps it from
    /// serving; or empty.
    public String error() {
        return work.entrySet().stream()
                .filter(each -> !each.getValue().error.isEmpty())
                .findFirst()
                .map(each -> each.getKey() + ": " + each.getValue().error)
                .orElse(effort.complaint);
    }

    /// Which report it is.
    ///
    /// @param counter goes up with each report of a host, also when it restarts: an older one is a replay
    /// @param bootId another one after each boot of the machine
    /// @param created epoch milliseconds by the host's clock
    public record Origin(String host, long counter, String bootId, long created) {
        public Origin {
            Names.require("host", host);
            checkText("boot id", bootId, Names.LABEL_BYTES_MAX);
            if (counter < 1 || created < 0) {
                throw new IllegalArgumentException("not a report: counter " + counter + ", created " + created);
            }
        }
    }

    /// What the host is doing. The code is part of the format and never changes.
    public enum State {
        /// Runs what it is told to.
        READY(1),
        /// Gets what it lacks.
        FETCHING(2),
        /// Has all, and writes or switches.
        WRITING(3),
        /// Could not; the error says why.
        FAILED(4),
        /// Changes nothing until an operator acts.
        HELD(5);

        private final int code;

        State(int code) {
            this.code = code;
        }

        static Optional<State> of(int code) {
            return Arrays.stream(values()).filter(s -> s.code == code).findFirst();
        }
    }

    /// @param address where peers reach it, `HOST:PORT`, or empty
    public record Place(String address, String site) {
        public Place {
            checkText("address", address, ADDRESS_BYTES_MAX);
            Names.require("site", site);
        }
    }

    /// One release, by its document and by its primary image.
    public record Image(Hash release, ManifestId manifest) {}

    /// @param running what is active, by name
    /// @param wanted what pins ask for, by name
    /// @param stock what lies in the store
    public record Images(SortedMap<String, Image> running, SortedMap<String, Image> wanted, Stock stock) {
        public Images {
            running = named(running);
            wanted = named(wanted);
        }
    }

    private static <T> SortedMap<String, T> named(SortedMap<String, T> byName) {
        if (byName.size() > IMAGES_MAX) {
            throw new IllegalArgumentException("at most 256 images, not " + byName.size());
        }
        byName.keySet().forEach(name -> Names.require("name", name));
        return Collections.unmodifiableSortedMap(new TreeMap<>(byName));
    }

    /// What the host has whole, and will have.
    ///
    /// @param keeps the names of which it keeps every release
    /// @param whole the [short form][#brief] of the id of each manifest of which every chunk is here; ascending
    public record Stock(KeepRule keeps, SortedSet<Long> whole) {
        public static final int WHOLE_MAX = 1024;

        public Stock {
            whole = Collections.unmodifiableSortedSet(new TreeSet<>(whole));
            if (whole.size() > WHOLE_MAX) {
                throw new IllegalArgumentException("at most 1,024 manifests, not " + whole.size());
            }
        }

        public static Stock none() {
            return new Stock(KeepRule.NOTHING, new TreeSet<>());
        }

        /// The first of them, where there are more than a report has room for.
        public static Stock of(KeepRule keeps, Collection<ManifestId> whole) {
            SortedSet<Long> brief = new TreeSet<>();
            whole.stream().limit(WHOLE_MAX).forEach(manifest -> brief.add(brief(manifest)));
            return new Stock(keeps, brief);
        }

        public boolean has(ManifestId manifest) {
            return whole.contains(brief(manifest));
        }

        /// The first 63 bits of the id: a report says so every few seconds, and a host could lie in 256 bits
        /// as well.
        public static long brief(ManifestId manifest) {
            return manifest.hash().a() >>> 1;
        }
    }

    /// What becomes of the pin of one name.
    ///
    /// @param wire how many bytes it takes to send what was not here when it began; 0 = not known yet
    /// @param error what is in the way, or why it failed, for people, or empty: see [Names#printable]
    public record Work(State state, Progress progress, long wire, Times times, String error) {
        public Work {
            checkText("error", error, ERROR_BYTES_MAX);
        }
    }

    /// Epoch milliseconds by the host's clock; 0 = not yet.
    ///
    /// @param fetched when all of it was here
    /// @param finished when it ran, or had failed for good
    public record Times(long started, long fetched, long finished) {}

    /// What the host moves, and what that costs it.
    ///
    /// @param sent bytes to anybody since the agent started
    /// @param from of whom it received most since the report before, in bytes by host
    /// @param cpu how much of its processors is busy, in hundredths, whoever makes them so
    /// @param allowed what its operator allows it
    /// @param complaint what keeps it from serving as it should, for people; or empty
    public record Effort(
            Received received, long sent, SortedMap<String, Long> from, int cpu, Allowed allowed, String complaint) {
        public static final int FROM_MAX = 8;

        public Effort {
            from = Collections.unmodifiableSortedMap(new TreeMap<>(from));
            if (from.size() > FROM_MAX || cpu < 0 || cpu > 100) {
                throw new IllegalArgumentException(
                        "at most 8 hosts and 100 hundredths, not " + from.size() + ", " + cpu);
            }
            from.keySet().forEach(host -> Names.require("host", host));
            checkText("complaint", complaint, ERROR_BYTES_MAX);
        }

        public static Effort none() {
            return new Effort(new Received(0, 0, 0, 0), 0, new TreeMap<>(), 0, Allowed.ANY, "");
        }
    }

    /// Bytes a second that the host may move now; 0: as many as there are.
    ///
    /// @param wan between its site and each other one
    public record Allowed(long upload, long download, long wan) {
        public static final Allowed ANY = new Allowed(0, 0, 0);

        public Allowed {
            if (upload < 0 || download < 0 || wan < 0) {
                throw new IllegalArgumentException(
                        "expected rates of 0 or more, found " + upload + ", " + download + ", " + wan);
            }
        }
    }

    /// Bytes of the guest's disk.
    public record Progress(long done, long total) {}

    /// Bytes over the network by where they came from, and bytes that were on the host already.
    public record Received(long source, long site, long wan, long local) {}

    /// @param key the host's own, of [SigningKey#TLS]
    public Envelope sign(SigningKey key) {
        return Envelope.sign(Type.HOST_REPORT, encode(), List.of(key));
    }

    /// The report in the envelope, if the key of this host signed it.
    ///
    /// @param key that of the host's certificate
    public static Signed<HostReport> verify(Envelope envelope, String host, VerifyKey key) throws Refused {
        var signers = Signers.of(1, List.of(key)).verify(envelope, SigningKey.TLS);
        HostReport report = unverified(envelope);
        if (!report.origin.host.equals(host)) {
            throw new Refused(
                    Reason.WRONG_SCOPE, "host report: expected one of " + host + ", found " + report.origin.host);
        }
        return new Signed<>(report, signers, envelope);
    }

    static HostReport unverified(Envelope envelope) throws Refused {
        return envelope.parse(Type.HOST_REPORT, HostReport::read, HostReport::encode);
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(512);
        out.text(origin.host).u64(origin.counter).text(origin.bootId).u64(origin.created);
        out.u8(state.code).text(place.address).text(place.site);
        writeImages(images.running, out);
        writeImages(images.wanted, out);
        writeStock(images.stock, out);
        writeWork(out);
        Received received = effort.received;
        out.u64(received.source).u64(received.site).u64(received.wan).u64(received.local);
        out.u64(effort.sent).u8(effort.cpu).u8(effort.from.size());
        effort.from.forEach((host, bytes) -> out.text(host).u64(bytes));
        Allowed allowed = effort.allowed;
        out.u64(allowed.upload).u64(allowed.download).u64(allowed.wan).text(effort.complaint);
        return out.toBytes();
    }

    private void writeWork(ByteWriter out) {
        out.u16(work.size());
        work.forEach((name, each) -> {
            out.text(name).u8(each.state.code);
            out.u64(each.progress.done).u64(each.progress.total).u64(each.wire);
            out.u64(each.times.started).u64(each.times.fetched).u64(each.times.finished);
            out.text(each.error);
        });
    }

    private static HostReport read(ByteReader in) throws Corrupt {
        Origin origin = new Origin(in.text(64), in.u64(), in.text(64), in.u64());
        State state = readState(in);
        Place place = new Place(in.text(ADDRESS_BYTES_MAX), in.text(64));
        Images images = new Images(readImages(in), readImages(in), readStock(in));
        SortedMap<String, Work> work = readWork(in);
        Received received = new Received(in.u64(), in.u64(), in.u64(), in.u64());
        long sent = in.u64();
        int cpu = in.u8();
        SortedMap<String, Long> from = new TreeMap<>();
        int count = in.u8();
        for (int i = 0; i < count; i++) {
            from.put(in.text(64), in.u64());
        }
        Allowed allowed = new Allowed(in.u64(), in.u64(), in.u64());
        Effort effort = new Effort(received, sent, from, cpu, allowed, in.text(ERROR_BYTES_MAX));
        return new HostReport(origin, state, place, images, work, effort);
    }

    private static SortedMap<String, Work> readWork(ByteReader in) throws Corrupt {
        SortedMap<String, Work> work = new TreeMap<>();
        int count = in.u16(IMAGES_MAX);
        for (int i = 0; i < count; i++) {
            String name = in.text(64);
            State state = readState(in);
            Progress progress = new Progress(in.u64(), in.u64());
            long wire = in.u64();
            Times times = new Times(in.u64(), in.u64(), in.u64());
            work.put(name, new Work(state, progress, wire, times, in.text(ERROR_BYTES_MAX)));
        }
        return work;
    }

    private static State readState(ByteReader in) throws Corrupt {
        int code = in.u8();
        return State.of(code).orElseThrow(() -> in.refuse("the state of a host", code));
    }

    private static void writeImages(SortedMap<String, Image> images, ByteWriter out) {
        out.u16(images.size());
        images.forEach((name, image) -> {
            out.text(name);
            image.release.write(out);
            image.manifest.hash().write(out);
        });
    }

    private static SortedMap<String, Image> readImages(ByteReader in) throws Corrupt {
        SortedMap<String, Image> images = new TreeMap<>();
        int count = in.u16(IMAGES_MAX);
        for (int i = 0; i < count; i++) {
            images.put(in.text(64), new Image(Hash.read(in), new ManifestId(Hash.read(in))));
        }
        return images;
    }

    private static void writeStock(Stock stock, ByteWriter out) {
        out.text(stock.keeps.toString()).u16(stock.whole.size());
        stock.whole.forEach(out::u64);
    }

    private static Stock readStock(ByteReader in) throws Corrupt {
        KeepRule keeps = KeepRule.parse(in.text(KeepRule.BYTES_MAX));
        SortedSet<Long> whole = new TreeSet<>();
        int count = in.u16(Stock.WHOLE_MAX);
        for (int i = 0; i < count; i++) {
            whole.add(in.u64());
        }
        return new Stock(keeps, whole);
    }

    private static void checkText(String what, String text, int bytesMax) {
        boolean plain = text.codePoints().noneMatch(Character::isISOControl);
        if (!plain || text.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
            throw new IllegalArgumentException(
                    what + ": expected at most " + bytesMax + " bytes without control characters");
        }
    }
}
