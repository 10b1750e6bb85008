package dev.muster.protocol.cluster;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.cluster.AttachedFleet.Times;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;

/// Every node is attached, to one of two members that do not publish themselves.
class AttachedFleetTest extends FleetContract {
    private static final Times TIMES = new Times(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofMillis(400));

    private final MemoryFleet.Together together = new MemoryFleet.Together(TIMES.forget());
    private final MemoryFleet[] members = {together.join(), together.join()};
    private final Attachments[] attachments = {Attachments.open(members[0], TIMES), Attachments.open(members[1], TIMES)
    };
    private int joined;

    @AfterEach
    void close() {
        for (int i = 0; i < members.length; i++) {
            attachments[i].close();
            members[i].close();
        }
    }

    @Override
    Fleet join() {
        Attachments member = attachments[joined++ % members.length];
        AtomicReference<AttachedFleet> self = new AtomicReference<>();
        AttachedFleet fleet = AttachedFleet.open(
                bytes -> {
                    try {
                        member.here(PresenceCodec.decode(bytes).id(), bytes, back -> hear(self.get(), back));
                    } catch (Corrupt e) {
                        throw new UncheckedIOException(e);
                    }
                },
                TIMES);
        self.set(fleet);
        return fleet;
    }

    private static void hear(AttachedFleet fleet, byte[] bytes) {
        try {
            fleet.heard(bytes);
        } catch (Corrupt e) {
            throw new UncheckedIOException(e);
        }
    }
}
