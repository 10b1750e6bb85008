package dev.muster.coordinator.api;

import dev.muster.coordinator.catalog.Catalog;
import dev.muster.coordinator.enrol.Enroller;
import dev.muster.coordinator.enrol.Host;
import dev.muster.coordinator.rollout.Bulletin;
import dev.muster.coordinator.rollout.HostBoard;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.Documents;
import dev.muster.protocol.net.EnrolRequest;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.key.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What hosts ask for and say.
final class HostApi {
    private static final int WAIT_SECONDS_MAX = 60;
    private static final int REPORT_BYTES_MAX = 64 * 1024;

    private final SignedDocuments documents;
    private final Catalog catalog;
    private final Bulletins bulletins;
    private final HostBoard board;
    private final Enroller enroller;

    /// What hosts wait for.
    ///
    /// @param documents that they must have
    /// @param releases that there are
    record Bulletins(Bulletin documents, Bulletin releases) {}

    HostApi(SignedDocuments documents, Catalog catalog, Bulletins bulletins, HostBoard board, Enroller enroller) {
        this.documents = documents;
        this.catalog = catalog;
        this.bulletins = bulletins;
        this.board = board;
        this.enroller = enroller;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/v1/root", Access.ANYBODY, this::root),
                Endpoint.post("/v1/enrol", Access.ANYBODY, EnrolRequest.BYTES_MAX, this::enrol),
                Endpoint.post("/v1/renew", Access.MEMBER, Request.BYTES_MAX, this::renew),
                Endpoint.poll("/v1/documents", Access.MEMBER, ask -> await(ask, bulletins.documents)),
                Endpoint.poll("/v1/releases", Access.MEMBER, ask -> await(ask, bulletins.releases)),
                Endpoint.get("/v1/documents/:hash", Access.MEMBER, this::document),
                Endpoint.get("/v1/releases/:ref", Access.MEMBER, this::release),
                Endpoint.get("/v1/manifests/:id/head", Access.MEMBER, this::head),
                Endpoint.get("/v1/peers", Access.HOST, this::peers),
                Endpoint.post("/v1/reports", Access.HOST, REPORT_BYTES_MAX, this::report));
    }

    private Answer root(Ask ask) {
        return Answer.bytes(Documents.of(documents.roots().envelopes()).encode());
    }

    private Answer enrol(Ask ask) throws IOException {
        return Answer.bytes(enroller.enrol(EnrolRequest.decode(ask.body())).encode());
    }

    private Answer renew(Ask ask) throws IOException {
        Caller caller = ask.caller();
        return Answer.bytes(
                enroller.renew(caller.subject(), caller.key(), ask.body()).encode());
    }

    private static Answer await(Ask ask, Bulletin bulletin) throws IOException, InterruptedException {
        long after = ask.number("after", Long.MAX_VALUE);
        Duration wait = Duration.ofSeconds(ask.number("wait", WAIT_SECONDS_MAX));
        return Answer.bytes(bulletin.await(ask.caller().subject(), after, wait));
    }

    private Answer document(Ask ask) throws IOException {
        Hash hash = ask.hash("hash");
        Optional<Envelope> found = catalog.release(hash)
                .map(Signed::envelope)
                .or(() -> documents.envelopes().stream()
                        .filter(envelope -> envelope.hash().equals(hash))
                        .findFirst());
        return Answer.bytes(found.orElseThrow(() -> new Unknown("expected a document, found none called " + hash))
                .encode());
    }

    private Answer release(Ask ask) throws IOException {
        return Answer.bytes(catalog.resolve(ask.text("ref")).envelope().encode());
    }

    private Answer head(Ask ask) throws IOException {
        return Answer.bytes(catalog.head(new ManifestId(ask.hash("id"))).encode());
    }

    private Answer peers(Ask ask) throws IOException {
        return Answer.bytes(
                board.peers(ask.caller().subject().id(), ask.text("site")).encode());
    }

    private Answer report(Ask ask) throws IOException {
        Host host = enroller.active(ask.caller().subject().id());
        board.take(host.id(), host.key(), Envelope.decode(ask.body()));
        return Answer.bytes(host.membership().encode());
    }
}
