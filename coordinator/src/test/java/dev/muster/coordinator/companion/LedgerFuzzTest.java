package dev.muster.coordinator.companion;

import dev.muster.coordinator.enrol.Host;
import dev.muster.coordinator.rollout.Group;
import dev.muster.protocol.fuzz.Fuzzed;
import dev.muster.protocol.fuzz.Fuzzing;
import dev.muster.protocol.trust.document.Scope;
import dev.muster.protocol.trust.key.SigningKey;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one coordinator tells another.
final class LedgerFuzzTest implements Fuzzed {
    @Override
    public List<Fuzzing> targets() {
        Host host = new Host(
                "h1",
                SigningKey.generate(SigningKey.TLS).verifyKey(),
                Host.membership("rome", new TreeMap<>(Map.of("role", "web"))),
                1000,
                false);
        Group group = new Group("webs", new Scope.Match(new TreeMap<>(Map.of("role", "web"))), 100);
        byte[] ledger = Ledger.of(List.of(host), List.of(Group.ALL, group)).encode();
        return List.of(Fuzzing.of("ledger", List.of(ledger), Ledger::decode));
    }
}
