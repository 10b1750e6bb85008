package dev.muster.coordinator.api;

import dev.muster.coordinator.catalog.Catalog;
import dev.muster.coordinator.catalog.Roots;
import dev.muster.coordinator.enrol.Tokens;
import dev.muster.coordinator.rollout.Director;
import dev.muster.coordinator.rollout.Group;
import dev.muster.coordinator.rollout.Groups;
import dev.muster.coordinator.rollout.Orders;
import dev.muster.coordinator.rollout.Rollout;
import dev.muster.coordinator.rollout.Rollouts;
import dev.muster.coordinator.rollout.Wish;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Scope;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.document.Wave;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What operators order: tokens, roots, groups, pins, rollouts.
final class OperatorApi {
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final int ROOT_BODY_BYTES_MAX = 4 << 20;

    private final Services services;

    /// What orders are carried out by.
    ///
    /// @param changed is run after each change of what hosts must know
    record Services(Roots roots, Catalog catalog, Tokens tokens, Groups groups, Work work, Runnable changed) {}

    /// @param director to be told of another root
    /// @param rollouts to be looked at
    record Work(Orders orders, Director director, Rollouts rollouts) {}

    OperatorApi(Services services) {
        this.services = services;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/v1/roots", Access.OPERATOR, ROOT_BODY_BYTES_MAX, this::root),
                Endpoint.post("/v1/tokens", Access.OPERATOR, BODY_BYTES_MAX, this::token),
                Endpoint.post("/v1/pins", Access.OPERATOR, BODY_BYTES_MAX, this::pin),
                Endpoint.post("/v1/rollouts", Access.OPERATOR, BODY_BYTES_MAX, this::start),
                Endpoint.get("/v1/rollouts", Access.OPERATOR, ask -> rollouts()),
                Endpoint.get("/v1/rollouts/:id", Access.OPERATOR, this::rollout),
                Endpoint.get("/v1/groups", Access.OPERATOR, ask -> groups()),
                Endpoint.put("/v1/groups/:name", Access.OPERATOR, BODY_BYTES_MAX, this::putGroup));
    }

    private Answer root(Ask ask) throws IOException {
        Fields fields = ask.fields();
        byte[] envelope = Fields.base64("root", fields.text("root"));
        fields.end();
        Root next = services.roots.step(Envelope.decode(envelope));
        services.work.director.adopt(next);
        services.changed.run();
        return Answer.json(Map.of("number", next.number()));
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
        boolean rollback = fields.flag("rollback");
        Wish wish;
        if (fields.has("withdraw")) {
            String name = fields.text("withdraw");
            if (!Names.isName(name)) {
                throw new BadConfiguration(
                        "pin: expected the name of an image to withdraw, found " + Names.printable(name, 80));
            }
            wish = new Wish(name, group, new Order.Withdraw(), Wave.all(), rollback);
        } else {
            Signed<Release> release = services.catalog.resolve(fields.text("ref"));
            String name = release.document().name().name();
            wish = new Wish(name, group, new Order.Run(release.hash()), Wave.all(), rollback);
        }
        fields.end();
        Signed<Pin> pin = services.work.orders.pin(wish);
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
        return RolloutView.of(rollout, services.work.rollouts.standing(rollout));
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
