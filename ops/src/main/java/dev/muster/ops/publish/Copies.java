package dev.muster.ops.publish;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.chunkstore.Progress;
import dev.muster.ops.fleet.Operator;
import dev.muster.protocol.MusterException.Unreachable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// Waits until enough hosts have all of what was published: an image must not live on one host alone.
public final class Copies {
    /// How many there should be where nobody said, as far as there are hosts that keep the image.
    static final int USUAL = 2;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final Operator operator;
    private final Progress progress;
    private final Consumer<String> notes;

    /// @param notes is told how many there are, and what is in the way
    public Copies(Operator operator, Progress progress, Consumer<String> notes) {
        this.operator = operator;
        this.progress = progress;
        this.notes = notes;
    }

    /// How it ended.
    ///
    /// @param failure why there are fewer than there should be
    public record Reached(int copies, Optional<Unreachable> failure) {}

    /// What a coordinator knows of an image.
    ///
    /// @param copies hosts that have all of it
    /// @param coming hosts that keep it and do not have it yet
    record Spread(int copies, int coming) {
        /// @param here whether this host has it, which a coordinator may not have heard yet
        static Spread of(JsonNode image, boolean here) {
            int copies = image.path("copies").asInt();
            return new Spread(copies, image.path("coming").asInt() + (here && copies == 0 ? 1 : 0));
        }

        int possible() {
            return copies + coming;
        }

        int wanted(OptionalInt asked) {
            return asked.orElse(Math.min(USUAL, possible()));
        }
    }

    /// @param asked how many hosts are to have it, this one included; if empty, two, or all that keep it if those are
    ///     fewer
    public Reached await(Published published, OptionalInt asked, Duration within)
            throws IOException, InterruptedException {
        String path = "/v1/images/" + Operator.segment(published.release().toString());
        long deadline = System.nanoTime() + within.toNanos();
        int shown = -1;
        boolean warned = false;
        while (true) {
            Spread spread = Spread.of(operator.get(path), published.here());
            int wanted = spread.wanted(asked);
            if (shown < 0 && spread.copies < wanted) {
                progress.phase("copies", wanted * published.disk().wireBytes());
            }
            if (spread.copies > shown) {
                progress.advance(
                        (spread.copies - Math.max(0, shown)) * published.disk().wireBytes());
                shown = spread.copies;
            }
            if (spread.copies >= wanted) {
                return new Reached(spread.copies, Optional.empty());
            }
            if (spread.possible() < wanted && !warned) {
                warned = true;
                notes.accept(tooFew(published, spread, wanted));
            }
            if (System.nanoTime() - deadline >= 0) {
                return new Reached(spread.copies, Optional.of(late(published, spread, wanted, within)));
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private static String tooFew(Published published, Spread spread, int wanted) {
        String name = published.name().name();
        return "copies: expected " + wanted + " hosts, found " + spread.copies + " with all of it and " + spread.coming
                + " more to have it; set store.keep = " + name + ", or all, on more hosts";
    }

    private static Unreachable late(Published published, Spread spread, int wanted, Duration within) {
        return new Unreachable("release " + published.name() + " is published; expected " + wanted
                + " hosts with all of it within " + within.toSeconds() + " s, found " + spread.copies + ", and "
                + spread.coming + " more that keep it; see: muster image show " + published.name());
    }
}
