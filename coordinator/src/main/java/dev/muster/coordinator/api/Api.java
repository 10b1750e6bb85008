package dev.muster.coordinator.api;

import dev.muster.coordinator.catalog.Catalog;
import dev.muster.coordinator.companion.Known;
import dev.muster.coordinator.enrol.Enroller;
import dev.muster.coordinator.enrol.Hosts;
import dev.muster.coordinator.enrol.Tokens;
import dev.muster.coordinator.history.AuditLog;
import dev.muster.coordinator.rollout.Bulletin;
import dev.muster.coordinator.rollout.Director;
import dev.muster.coordinator.rollout.Groups;
import dev.muster.coordinator.rollout.Holdings;
import dev.muster.coordinator.rollout.HostBoard;
import dev.muster.coordinator.rollout.Orders;
import dev.muster.coordinator.rollout.Rollouts;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/// All endpoints, over what they serve.
///
/// @param documents what hosts get
/// @param members who they are
/// @param work what they are to do
/// @param changed is run after each change of what hosts must know
public record Api(Documents documents, Members members, Work work, Fleet fleet, Timing timing, Runnable changed) {

    /// @param bulletin of the documents that hosts must have
    /// @param releases of those that there are
    public record Documents(SignedDocuments signed, Bulletin bulletin, Bulletin releases) {}

    /// @param audit what they ordered
    public record Members(Tokens tokens, Hosts hosts, Enroller enroller, HostBoard board, AuditLog audit) {}

    public record Work(Groups groups, Director director, Rollouts rollouts, Orders orders) {}

    /// @param silentAfter how long after its last report a host counts as silent
    public record Timing(Duration silentAfter, InstantSource clock) {}

    /// Serves them until the server is closed.
    public ApiServer serve(Address address, TlsKeys keys, Gate gate) throws BadConfiguration {
        return ApiServer.start(address, keys, gate, endpoints());
    }

    List<Endpoint> endpoints() {
        SignedDocuments signed = documents.signed;
        Catalog catalog = signed.catalog();
        HostApi host = new HostApi(
                signed,
                catalog,
                new HostApi.Bulletins(documents.bulletin, documents.releases),
                members.board,
                members.enroller);
        OperatorApi operator = new OperatorApi(new OperatorApi.Services(
                signed,
                catalog,
                members.tokens,
                members.enroller,
                work.groups,
                new OperatorApi.Work(work.orders, work.rollouts),
                changed));
        ImageApi images = new ImageApi(signed.roots(), catalog, work.orders, this::holdings, changed);
        StatusApi status = new StatusApi(
                members.hosts,
                members.board,
                work.director,
                catalog,
                fleet,
                new StatusApi.Silence(timing.silentAfter, timing.clock));
        PlanApi plans = new PlanApi(catalog, work.groups, work.rollouts, timing.clock);
        AuditApi audit = new AuditApi(members.audit);
        return Stream.of(
                        host.endpoints(),
                        operator.endpoints(),
                        images.endpoints(),
                        status.endpoints(),
                        plans.endpoints(),
                        audit.endpoints(),
                        List.of(Endpoint.get("/v1/ledger", Access.COORDINATOR, this::ledger)))
                .flatMap(List::stream)
                .map(audit::watched)
                .toList();
    }

    private Answer ledger(Ask ask) throws BadConfiguration {
        Known known = new Known(members.hosts, work.groups);
        return Answer.bytes(known.tell(ask.number("after", Long.MAX_VALUE)));
    }

    /// What the members that are not silent have.
    private Holdings holdings() {
        long oldest = timing.clock.millis() - timing.silentAfter.toMillis();
        return Holdings.of(members.hosts.all().stream()
                .filter(host -> !host.revoked())
                .flatMap(host -> members.board.newest(host.id()).stream())
                .filter(heard -> heard.at() >= oldest)
                .map(heard -> heard.report().images().stock())
                .toList());
    }
}
