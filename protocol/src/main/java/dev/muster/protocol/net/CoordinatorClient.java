package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Request;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Tls;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// The coordinators of a fleet, as hosts and operators talk to them: HTTPS, with certificates on both ends.
///
/// Every call blocks until it has its answer, and tries the addresses in turn, beginning with the one that answered
/// last: [an exception][dev.muster.protocol.MusterException.Unreachable] names them all. What a coordinator refuses
/// comes back as the exception that it threw there. What it sends is bounded and is verified by nobody here but the
/// callers. Safe for threads.
public final class CoordinatorClient implements Closeable {
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /// How much longer than it was asked to wait a coordinator may take.
    private static final Duration POLL_MARGIN = Duration.ofSeconds(15);

    private static final int JSON_BYTES_MAX = 64 << 20;

    private final CoordinatorCalls calls;

    private CoordinatorClient(CoordinatorCalls calls) {
        this.calls = calls;
    }

    /// Opens no connection yet.
    ///
    /// @param keys who we are; [TlsKeys#none] before enrolment
    /// @param trust must ask for the role of a coordinator
    /// @throws IllegalArgumentException without addresses
    public static CoordinatorClient open(List<Address> coordinators, TlsKeys keys, FleetTrust trust) {
        return new CoordinatorClient(new CoordinatorCalls(coordinators, Tls.context(keys, trust)));
    }

    /// The root documents of the fleet, from the one with this hash on. It is the hash that makes them believed: the
    /// coordinator's certificate cannot be checked before its root is known.
    public static RootChain fetchRoots(List<Address> coordinators, Hash pinned) throws IOException {
        try (CoordinatorCalls calls = new CoordinatorCalls(coordinators, AnyServer.context())) {
            return RootChain.of(pinned, roots(calls));
        }
    }

    /// The fleet's root documents, to be stepped through with [RootChain#step].
    public List<Envelope> roots() throws IOException {
        return roots(calls);
    }

    private static List<Envelope> roots(CoordinatorCalls calls) throws IOException {
        return Documents.decode(calls.get("/v1/root", ANSWER, Documents.BYTES_MAX))
                .envelopes();
    }

    /// Becomes a member of the fleet.
    ///
    /// @throws Refused [Reason#BAD_TOKEN] if the token is unknown, used up or expired
    public Enrolment enrol(EnrolRequest request) throws IOException {
        return Enrolment.decode(calls.post("/v1/enrol", request.encode(), Enrolment.BYTES_MAX));
    }

    /// A new certificate for the member that we are; a host also learns of changes to its labels.
    ///
    /// @param key the one that we were enrolled with
    public Enrolment renew(SigningKey key) throws IOException {
        return Enrolment.decode(calls.post("/v1/renew", Request.of(key), Enrolment.BYTES_MAX));
    }

    /// The newest root, all pins that matter, and the releases that they name.
    ///
    /// @param after the revision that the caller has, or 0
    /// @param wait how long to wait for another revision; after that the answer has no envelopes
    public Documents documents(long after, Duration wait) throws IOException {
        return Documents.decode(calls.get(
                "/v1/documents?after=" + after + "&wait=" + wait.toSeconds(),
                wait.plus(POLL_MARGIN),
                Documents.BYTES_MAX));
    }

    /// Which releases there are.
    ///
    /// @param after the revision that the caller has, or 0
    /// @param wait how long to wait for another revision; after that the answer has no entries
    public ReleaseList releases(long after, Duration wait) throws IOException {
        return ReleaseList.decode(calls.get(
                "/v1/releases?after=" + after + "&wait=" + wait.toSeconds(),
                wait.plus(POLL_MARGIN),
                ReleaseList.BYTES_MAX));
    }

    /// One document by its hash, of which only the hash is checked.
    public Envelope document(Hash hash) throws IOException {
        Envelope envelope = Envelope.decode(calls.get("/v1/documents/" + hash.hex(), ANSWER, Envelope.BYTES_MAX));
        if (!envelope.hash().equals(hash)) {
            throw new Refused(Reason.WRONG_HASH, "document: expected " + hash + ", found " + envelope.hash());
        }
        return envelope;
    }

    /// The newest release that a person means by `name:version`, `name`, or 12 and more digits of a hash.
    public Envelope release(String reference) throws IOException {
        String path = "/v1/releases/" + URLEncoder.encode(reference, StandardCharsets.UTF_8);
        return Envelope.decode(calls.get(path, ANSWER, Envelope.BYTES_MAX));
    }

    /// The head of a manifest that some release names.
    ///
    /// @throws Corrupt if what comes is not the one of this id
    public ManifestHead head(ManifestId id) throws IOException {
        return ManifestHead.verify(
                id, calls.get("/v1/manifests/" + id.hash().hex() + "/head", ANSWER, ManifestHead.BYTES_MAX));
    }

    /// Says how the host is, and hears what it is known as.
    public Membership report(Envelope report) throws IOException {
        return Membership.decode(calls.post("/v1/reports", report.encode(), Membership.BYTES_MAX));
    }

    /// What one coordinator tells another of hosts and groups, in a form that only they know.
    ///
    /// @param after the revision that the caller has, or 0
    public byte[] ledger(long after, int bytesMax) throws IOException {
        return calls.get("/v1/ledger?after=" + after, ANSWER, bytesMax);
    }

    /// Some hosts that have reported lately, those of the caller's site first.
    ///
    /// @param site the caller's
    public PeerList peers(String site) throws IOException {
        String path = "/v1/peers?site=" + URLEncoder.encode(site, StandardCharsets.UTF_8);
        return PeerList.decode(calls.get(path, ANSWER, PeerList.BYTES_MAX));
    }

    /// An operator's question: a path below `/v1`, answered in JSON.
    public String get(String path) throws IOException {
        return CoordinatorCalls.text(calls.get(path, ANSWER, JSON_BYTES_MAX));
    }

    /// An operator's order, in JSON, answered in JSON.
    public String post(String path, String json) throws IOException {
        return calls.sendText("POST", path, json, JSON_BYTES_MAX);
    }

    /// As [#post], for what is replaced whole.
    public String put(String path, String json) throws IOException {
        return calls.sendText("PUT", path, json, JSON_BYTES_MAX);
    }

    /// As [#post], for what is to go.
    public String delete(String path) throws IOException {
        return calls.sendText("DELETE", path, "", JSON_BYTES_MAX);
    }

    /// What was ordered after an entry of the audit log, a page of it.
    public List<AuditEntry> audit(long after) throws IOException {
        int bytesMax = AuditEntry.PAGE_MAX * AuditEntry.BYTES_MAX;
        return AuditEntry.decodePage(calls.get("/v1/audit?after=" + after, ANSWER, bytesMax));
    }

    /// Ends every call as if no coordinator could be reached.
    @Override
    public void close() {
        calls.close();
    }
}
