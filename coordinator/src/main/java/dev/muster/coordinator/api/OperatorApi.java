package dev.muster.coordinator.api;

import dev.muster.coordinator.catalog.Catalog;
import dev.muster.coordinator.enrol.Enroller;
import dev.muster.coordinator.enrol.Tokens;
import dev.muster.coordinator.rollout.Group;
import dev.muster.coordinator.rollout.Groups;
import dev.muster.coordinator.rollout.Orders;
import dev.muster.coordinator.rollout.Rollout;
import dev.muster.coordinator.rollout.Rollouts;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.net.Enrolment;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Scope;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.key.Subject;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What operators order: tokens, documents that were signed elsewhere, groups, pins, rollouts.
final class OperatorApi {
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final int ROOT_BODY_BYTES_MAX = 4 << 20;

    private final Services services;

    /// What orders are carried out by.
    ///
    /// @param changed is run after each change of what hosts must know
    record Services(
            SignedDocuments documents,
            Catalog catalog,
            Tokens tokens,
            Enroller enroller,
            Groups groups,
            Work work,
            Runnable changed) {}

    /// @param rollouts to be looked at
    record Work(Orders orders, Rollouts rollouts) {}

    OperatorApi(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/v1/roots", Access.ADMIN, ROOT_BODY_BYTES_MAX, this::root),
                Endpoint.post("/v1/documents", Access.ADMIN, ROOT_BODY_BYTES_MAX, this::take),
                Endpoint.post("/v1/operators", Access.ADMIN, BODY_BYTES_MAX, this::person),
                Endpoint.get("/v1/revocations", Access.VIEWER, ask -> revocations()),
                Endpoint.post("/v1/tokens", Access.OPERATOR, BODY_BYTES_MAX, this::token),
                Endpoint.post("/v1/pins", Access.OPERATOR, BODY_BYTES_MAX, this::pin),
                Endpoint.post("/v1/rollouts", Access.OPERATOR, BODY_BYTES_MAX, this::start),
                Endpoint.get("/v1/rollouts", Access.VIEWER, ask -> rollouts()),
                Endpoint.get("/v1/rollouts/:id", Access.VIEWER, this::rollout),
                Endpoint.get("/v1/groups", Access.VIEWER, ask -> groups()),
                Endpoint.put("/v1/groups/:name", Access.OPERATOR, BODY_BYTES_MAX, this::putGroup));
    }

    private Answer root(Ask ask) throws IOException {
        Fields fields = ask.fields();
        byte[] envelope = Fields.base64("root", fields.text("root"));
        fields.end();
        return Answer.json(Map.of("number", services.documents.root(Envelope.decode(envelope))));
    }

    /// Whatever was signed somewhere else.
    private Answer take(Ask ask) throws IOException {
        Fields fields = ask.fields();
        Envelope envelope = Envelope.decode(Fields.base64("document", fields.text("document")));
        fields.end();
        boolean fresh = services.documents.take(envelope);
        return Answer.json(Map.of(
                "type", envelope.type().toString(), "document", envelope.hash().toString(), "new", fresh));
    }

    private Answer person(Ask ask) throws IOException {
        Fields fields = ask.fields();
        String id = fields.text("id");
        String role = fields.text("role");
        byte[] request = Fields.base64("request", fields.text("request"));
        fields.end();
        if (!Names.isName(id) || !List.of("viewer", "operator", "admin").contains(role)) {
            throw new BadConfiguration("person: expected a name, and viewer, operator or admin, found "
                    + Names.printable(id + ", " + role, 100));
        }
        Subject.Role may = Subject.Role.valueOf(role.toUpperCase(Locale.ROOT));
        Enrolment enrolment = services.enroller.admit(may, id, request);
        return Answer.json(Map.of("enrolment", Base64.getEncoder().encodeToString(enrolment.encode())));
    }

    private Answer revocations() {
        return Answer.json(Map.of(
                "document",
                services.documents
                        .revocations()
                        .map(list -> Base64.getEncoder()
                                .encodeToString(list.envelope().encode()))
                        .orElse("")));
    }

    private Answer token(Ask ask) throws IOException {
        Fields fields = ask.fields();
        int uses = (int) fields.number("uses", Integer.MAX_VALUE, 1);
        Duration life = Duration.ofSeconds(fields.number("ttlSeconds", Tokens.LIFE_MAX.toSeconds(), 3600));
        String site = fields.optionalText("site").orElse("");
        var labels = fields.texts("labels");
        fields.end();
        return Answer.json(Map.of("token", services.tokens.create(uses, life, site, labels)));
    }

    private Answer pin(Ask ask) throws IOException {
        Fields fields = ask.fields();
        Group group = services.groups.get(fields.optionalText("group").orElse(Group.ALL.name()));
        Signed<Pin> pin;
        if (fields.has("withdraw")) {
            String name = fields.text("withdraw");
            if (!Names.isName(name)) {
                throw new BadConfiguration(
                        "pin: expected the name of an image to withdraw, found " + Names.printable(name, 80));
            }
            fields.end();
            pin = services.work.orders.pin(group, name, new Order.Withdraw());
        } else {
            Signed<Release> release = services.catalog.resolve(fields.text("ref"));
            fields.end();
            pin = services.work.orders.pin(group, release.document().name().name(), new Order.Run(release.hash()));
        }
        services.changed.run();
        return Answer.json(PinView.of(pin, group.name()));
    }

    private Answer start(Ask ask) throws IOException {
        Fields fields = ask.fields();
        Group group = services.groups.get(fields.optionalText("group").orElse(Group.ALL.name()));
        Signed<Release> release = services.catalog.resolve(fields.text("ref"));
        fields.end();
        Rollout rollout = services.work.orders.start(group, release);
        services.changed.run();
        return Answer.json(view(rollout));
    }

    private Answer rollouts() {
        return Answer.json(Map.of(
                "rollouts",
                services.work.rollouts.all().stream().map(this::view).toList()));
    }

    private Answer rollout(Ask ask) throws IOException {
        return Answer.json(view(services.work.rollouts.get(ask.text("id"))));
    }

    private Map<String, Object> view(Rollout rollout) {
        Rollouts rollouts = services.work.rollouts;
        return RolloutView.of(rollout, rollouts.standing(rollout), rollouts.forecast(rollout));
    }

    private Answer groups() {
        return Answer.json(Map.of(
                "groups", services.groups.all().stream().map(GroupView::of).toList()));
    }

    private Answer putGroup(Ask ask) throws IOException {
        Fields fields = ask.fields();
        try {
            List<String> hosts = fields.list("hosts");
            Scope scope = hosts.isEmpty()
                    ? new Scope.Match(fields.texts("match"))
                    : new Scope.Hosts(hosts.stream().sorted().distinct().toList());
            int priority = (int) fields.number("priority", Pin.Terms.PRIORITY_MAX, Group.priorityOf(scope));
            fields.end();
            Group group = new Group(ask.text("name"), scope, priority);
            services.groups.put(group);
            return Answer.json(GroupView.of(group));
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration(String.valueOf(e.getMessage()));
        }
    }
}
