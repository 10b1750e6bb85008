package dev.muster.protocol.cluster;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.Config;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.wire.Address;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class HardeningTest {
    private static final ClusterSettings SETTINGS =
            new ClusterSettings("test", new Address("127.0.0.1", 7411), List.of());

    @Test
    void theVersionThatWasExaminedIsTheOneThatIsThere() throws Exception {
        Hardening.check(Hardening.version(), Set.of("java.home", "hazel"));
    }

    @Test
    void anotherVersionIsRefused() {
        for (String version : List.of("5.6.0", "5.7.1", "5.8.0-SNAPSHOT", "")) {
            assertThrows(BadConfiguration.class, () -> Hardening.check(version, Set.of()));
        }
    }

    @Test
    void aSettingFromOutsideIsRefusedByName() {
        BadConfiguration refused = assertThrows(
                BadConfiguration.class,
                () -> Hardening.check(Hardening.VERSION, Set.of("hazelcast.http.healthcheck.enabled")));

        assertTrue(refused.getMessage().contains("hazelcast.http.healthcheck.enabled"), refused.getMessage());
    }

    @Test
    void aSettingThatIsNotOursIsRefused() throws Exception {
        List<Consumer<Config>> changes = List.of(
                config -> config.setProperty("hazelcast.socket.bind.any", "true"),
                config -> config.setAdvancedNetworkConfig(
                        config.getAdvancedNetworkConfig().setEnabled(false)),
                config -> config.getAdvancedNetworkConfig()
                        .getJoin()
                        .getMulticastConfig()
                        .setEnabled(true),
                config -> config.getJetConfig().setEnabled(true),
                config -> config.getManagementCenterConfig().setScriptingEnabled(true),
                config -> config.getSerializationConfig().setJavaSerializationFilterConfig(null),
                config -> config.setClusterName("other"));
        for (Consumer<Config> change : changes) {
            Config changed = MemberConfig.of(SETTINGS, "presence");
            change.accept(changed);

            assertThrows(
                    BadConfiguration.class,
                    () -> Hardening.check(MemberConfig.of(SETTINGS, "presence"), changed),
                    () -> "change " + changes.indexOf(change));
        }
        Hardening.check(MemberConfig.of(SETTINGS, "presence"), MemberConfig.of(SETTINGS, "presence"));
    }
}
