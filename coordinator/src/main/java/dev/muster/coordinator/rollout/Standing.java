package dev.muster.coordinator.rollout;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/// How a rollout goes, or how it went: how far it is, how long it took until then, and how long it had to take.
///
/// @param took from the pin on: until the last host ran the release, until another pin took its place, or until now
/// @param bound the least time that it can take, with the links as they were seen; zero if that is not known
/// @param bottleneck what does not let it be faster, for people; empty if that is not known
public record Standing(Progress progress, Duration took, Duration bound, String bottleneck) {
    private static final int BOTTLENECK_BYTES_MAX = 256;

    /// Whether it stays so.
    boolean isFinal() {
        return progress.state() == Progress.State.DONE || progress.state() == Progress.State.SUPERSEDED;
    }

    /// How many times as long as it had to; 0 if that is not known.
    public double multiple() {
        return bound.isZero() ? 0 : took.toMillis() / (double) Math.max(1, bound.toMillis());
    }

    Standing superseded() {
        return new Standing(
                new Progress(Progress.State.SUPERSEDED, progress.hosts(), progress.done(), progress.failed()),
                took,
                bound,
                bottleneck);
    }

    /// u8 state | u32 hosts, done, failed | u64 took, bound in milliseconds | text bottleneck.
    static final class Format implements RecordFiles.Fields<Standing> {
        static final String MAGIC = "MSTRENDG";

        @Override
        public void write(Standing standing, ByteWriter out) {
            Progress progress = standing.progress;
            out.u8(progress.state().code())
                    .u32(progress.hosts())
                    .u32(progress.done())
                    .u32(progress.failed());
            out.u64(standing.took.toMillis()).u64(standing.bound.toMillis()).text(standing.bottleneck);
        }

        @Override
        public Standing read(ByteReader in) throws IOException {
            int code = in.u8();
            Progress.State state = Arrays.stream(Progress.State.values())
                    .filter(each -> each.code() == code)
                    .findFirst()
                    .orElseThrow(() -> in.refuse("the state of a rollout", code));
            Progress progress = new Progress(
                    state, in.u32(Integer.MAX_VALUE), in.u32(Integer.MAX_VALUE), in.u32(Integer.MAX_VALUE));
            return new Standing(
                    progress, Duration.ofMillis(in.u64()), Duration.ofMillis(in.u64()), in.text(BOTTLENECK_BYTES_MAX));
        }
    }
}
