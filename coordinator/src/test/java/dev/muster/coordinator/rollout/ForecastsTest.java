package dev.muster.coordinator.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForecastsTest {
    private static final Hash RELEASE = new Hash(1, 2, 3, 4);
    private static final Rollout ROLLOUT = new Rollout("r-1", "all", "web", RELEASE, new Hash(5, 6, 7, 8), 1000);

    @TempDir
    Path directory = Path.of("");

    @Test
    void aRolloutHasTheForecastThatThereWasWhenItBegan() throws IOException {
        Forecasts forecasts = Forecasts.open(directory);
        forecasts.plan("all", RELEASE, forecast(1));
        forecasts.plan("all", RELEASE, forecast(2));
        forecasts.begin(ROLLOUT);
        forecasts.plan("all", RELEASE, forecast(3));

        assertEquals(Optional.of(forecast(2)), forecasts.of(ROLLOUT));
        assertEquals(Optional.of(forecast(2)), Forecasts.open(directory).of(ROLLOUT));
    }

    @Test
    void aForecastForAnotherGroupOrReleaseIsNone() throws IOException {
        Forecasts forecasts = Forecasts.open(directory);
        forecasts.plan("some", RELEASE, forecast(1));
        forecasts.plan("all", new Hash(9, 9, 9, 9), forecast(1));
        forecasts.begin(ROLLOUT);

        assertEquals(Optional.empty(), forecasts.of(ROLLOUT));
    }

    @Test
    void theOldestAreForgottenWhereThereAreTooMany() throws IOException {
        Forecasts forecasts = Forecasts.open(directory);
        for (int i = 0; i <= Forecasts.PLANNED_MAX; i++) {
            forecasts.plan(i == 0 ? "all" : "group" + i, RELEASE, forecast(i));
        }
        forecasts.begin(ROLLOUT);

        assertEquals(Optional.empty(), forecasts.of(ROLLOUT));
    }

    @Test
    void anOldForecastIsNotThatOfTheRollout() throws IOException {
        Forecasts forecasts = Forecasts.open(directory);
        forecasts.plan("all", RELEASE, forecast(1));
        long late = 2 + Forecasts.AGE_MAX.toMillis();
        Rollout rollout = new Rollout("r-2", "all", "web", RELEASE, new Hash(5, 6, 7, 8), late);
        forecasts.begin(rollout);

        assertEquals(Optional.empty(), forecasts.of(rollout));
    }

    @Test
    void aDamagedFileIsPassedOverAndTheOthersAreThere() throws IOException {
        Forecasts forecasts = Forecasts.open(directory);
        forecasts.plan("all", RELEASE, forecast(1));
        forecasts.begin(ROLLOUT);
        Files.writeString(directory.resolve("torn"), "half a forecast");

        assertEquals(Optional.of(forecast(1)), Forecasts.open(directory).of(ROLLOUT));
    }

    private static Forecast forecast(long created) {
        return new Forecast(created, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3), "WAN into b");
    }
}
