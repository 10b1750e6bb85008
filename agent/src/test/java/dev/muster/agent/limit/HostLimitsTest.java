package dev.muster.agent.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HostLimitsTest {
    @Test
    void aSiteOfItsOwnLimitHasIt() throws BadConfiguration {
        Settings settings = Settings.of(Map.of("swarm.wan-limit", "40Mbit", "swarm.wan-limit.paris", "8Mbit"));
        HostLimits limits = HostLimits.read(settings);
        settings.finish();

        assertEquals(1_000_000, limits.wanTo("paris"));
        assertEquals(5_000_000, limits.wanTo("berlin"));
    }

    @Test
    void nothingSetIsNoLimit() throws BadConfiguration {
        Settings settings = Settings.none();
        HostLimits limits = HostLimits.read(settings);
        settings.finish();

        assertEquals(HostLimits.NONE, limits);
    }

    @Test
    void aKeyIsOneOfTheseOrNot() {
        assertTrue(HostLimits.isOne("swarm.upload-limit"));
        assertTrue(HostLimits.isOne("swarm.wan-limit.paris"));
        assertFalse(HostLimits.isOne("swarm.port"));
    }

    @Test
    void wrongValuesAreNamed() {
        Settings settings = Settings.of(Map.of("swarm.source-budget", "-1", "swarm.wan-limit.paris", "fast"));
        HostLimits _ = HostLimits.read(settings);

        String message = assertThrows(BadConfiguration.class, settings::finish).getMessage();
        assertTrue(String.valueOf(message).contains("swarm.source-budget"), message);
        assertTrue(String.valueOf(message).contains("swarm.wan-limit.paris"), message);
    }
}
