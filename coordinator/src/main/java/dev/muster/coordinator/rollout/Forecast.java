package dev.muster.coordinator.rollout;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.io.IOException;
import java.time.Duration;

/// How long somebody who simulated it expects a rollout to take.
///
/// @param created epoch milliseconds
/// @param half when half of the hosts have all, `most` 99 of 100, `all` the last
/// @param bottleneck what does not let it be faster, for people
public record Forecast(long created, Duration half, Duration most, Duration all, String bottleneck) {
    public static final int BOTTLENECK_BYTES_MAX = 256;

    /// u64 created | u64 half, most, all in milliseconds | text bottleneck.
    static final class Format implements RecordFiles.Fields<Forecast> {
        static final String MAGIC = "MSTRFCST";

        @Override
        public void write(Forecast forecast, ByteWriter out) {
            out.u64(forecast.created).u64(forecast.half.toMillis()).u64(forecast.most.toMillis());
            out.u64(forecast.all.toMillis()).text(forecast.bottleneck);
        }

        @Override
        public Forecast read(ByteReader in) throws IOException {
            return new Forecast(
                    in.u64(),
                    Duration.ofMillis(in.u64()),
                    Duration.ofMillis(in.u64()),
                    Duration.ofMillis(in.u64()),
                    in.text(BOTTLENECK_BYTES_MAX));
        }
    }
}
