package dev.muster.agent.keep;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.agent.delivery.DeliveryHost;
import dev.muster.agent.document.Documents;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.MemoryPeerNetwork;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.FleetFixture;
import dev.muster.protocol.trust.document.KeepRule;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeeperTest {
    @TempDir
    Path dir;

    private final FleetFixture fleet = FleetFixture.plain();
    private final ListedReleases coordinator = new ListedReleases();
    private final MemoryPeerNetwork.Switch network = new MemoryPeerNetwork.Switch();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicLong now = new AtomicLong(FleetFixture.NOW);
    private final RandomImage first = RandomImage.ofBlocks(new Random(1), 200, 16);
    private final RandomImage second = RandomImage.ofBlocks(new Random(2), 200, 16);
    private DeliveryHost source;
    private DeliveryHost host;
    private Keeper keeper;
    private Documents documents;
    private int pins;

    @BeforeEach
    void open() throws Exception {
        MemoryChunkStore store = new MemoryChunkStore();
        first.installInto(store);
        second.installInto(store);
        source = new DeliveryHost("source", network, store);
        host = new DeliveryHost("host", network, new MemoryChunkStore());
        host.connect(source);
        eventually("connected", () -> host.swarms.connections().size() == 1);
        keeper = keeper("");
    }

    @AfterEach
    void close() {
        keeper.close();
        host.close();
        source.close();
    }

    @Test
    void everyReleaseOfTheNamesIsFetchedAndNoOther() throws Exception {
        restart("web*");
        coordinator.put("web", release("web", 1, first));
        coordinator.put("db", release("db", 1, second));

        eventually("it is here", () -> host.delivery.whole().contains(id(first)));

        assertEquals(Set.of(id(first)), keeper.manifests());
        assertEquals(new Keeper.State(KeepRule.parse("web*"), 1, 0, ""), keeper.state());
        coordinator.put("web", release("web", 2, second));
        eventually("the next one too", () -> host.delivery.whole().equals(Set.of(id(first), id(second))));
    }

    @Test
    void aRetiredReleaseIsLetGoAndComesBackWhenThatIsUndone() throws Exception {
        restart("all");
        Signed<Release> release = release("web", 1, first);
        coordinator.put("web", release);
        eventually("it is claimed", () -> keeper.manifests().equals(Set.of(id(first))));

        retire(release, true);

        eventually("it is let go", () -> keeper.manifests().isEmpty());
        retire(release, false);
        eventually("it is claimed again", () -> keeper.manifests().equals(Set.of(id(first))));
    }

    @Test
    void claimsHoldAfterARestartWithoutACoordinatorAndAreFetched() throws Exception {
        busy.set(true);
        restart("web");
        coordinator.put("web", release("web", 1, first));
        eventually("it is claimed", () -> keeper.manifests().equals(Set.of(id(first))));
        coordinator.cut(true);

        restart("web");
        assertEquals(Set.of(id(first)), keeper.manifests());
        busy.set(false);

        eventually("it is here", () -> host.delivery.whole().contains(id(first)));
    }

    @Test
    void aCoordinatorThatHasForgottenReleasesEndsNoClaim() throws Exception {
        restart("all");
        coordinator.put("web", release("web", 1, first));
        eventually("it is claimed", () -> keeper.manifests().equals(Set.of(id(first))));

        coordinator.forget();
        coordinator.put("db", release("db", 1, second));

        eventually("the new list was read", () -> keeper.manifests().contains(id(second)));
        assertEquals(Set.of(id(first), id(second)), keeper.manifests());
    }

    @Test
    void nothingIsFetchedWhileAPinIsCarriedOut() throws Exception {
        busy.set(true);
        restart("all");
        coordinator.put("web", release("web", 1, first));
        eventually("it is claimed", () -> keeper.state().missing() == 1);

        assertEquals(List.of(), host.swarms.progress());
        busy.set(false);

        eventually("it is here", () -> host.delivery.whole().contains(id(first)));
    }

    @Test
    void aFetchMakesRoomForAPin() throws Exception {
        RandomImage part = RandomImage.ofBlocks(new Random(4), 100, 16);
        part.putManifest(source.store);
        source.store.put(part.chunks().getFirst());
        source.delivery.hold(id(part));
        restart("all");
        coordinator.put("web", release("web", 1, part));
        eventually("it is being fetched", () -> host.swarms.progress(id(part)).isPresent());

        busy.set(true);
        eventually("it is fetched no more", () -> host.swarms.progress(id(part)).isEmpty());
        source.swarms.leave(id(part));
        part.installInto(source.store);
        source.delivery.serveInstalled();
        busy.set(false);

        eventually("it is here", () -> host.delivery.whole().contains(id(part)));
    }

    @Test
    void aReleaseThatNobodyHasIsTriedAgainAndKeepsNoOtherWaiting() throws Exception {
        RandomImage lost = RandomImage.ofBlocks(new Random(3), 50, 16);
        restart("all");
        coordinator.put("lost", release("lost", 1, lost));
        eventually("it failed", () -> !keeper.state().error().isEmpty());
        coordinator.put("web", release("web", 1, first));
        eventually("the other one is here", () -> host.delivery.whole().contains(id(first)));

        lost.installInto(source.store);
        source.delivery.serveInstalled();

        eventually("it is here", () -> host.delivery.whole().contains(id(lost)));
        assertEquals("", keeper.state().error());
    }

    @Test
    void whatTheReleaseKeysDidNotSignIsNotKept() throws Exception {
        SigningKey stranger = SigningKey.generate(Set.of(Algorithm.ED25519));
        Envelope forged = unsigned("web", 1, first).sign(List.of(stranger));
        restart("web");
        coordinator.put("web", forged);
        coordinator.put("web", release("db", 1, first));
        coordinator.put("web", release("web", 2, second));

        eventually("the right one is here", () -> host.delivery.whole().contains(id(second)));

        assertEquals(Set.of(id(second)), keeper.manifests());
    }

    @Test
    void anotherRuleLetsGoOfWhatItDoesNotFit() throws Exception {
        restart("web");
        coordinator.put("web", release("web", 1, first));
        eventually("it is claimed", () -> keeper.manifests().equals(Set.of(id(first))));

        restart("db");

        assertEquals(Set.of(), keeper.manifests());
    }

    @Test
    void whatWasPublishedHereIsKeptUntilItIsRetiredWhateverTheRule() throws Exception {
        Signed<Release> release = release("web", 1, first);
        packed(first);
        keeper.published(release.envelope());
        now.addAndGet(Duration.ofDays(30).toMillis());

        restart("");

        assertEquals(Set.of(id(first)), keeper.manifests());
        coordinator.put("web", release);
        retire(release, true);
        assertEquals(Set.of(), keeper.manifests());
    }

    @Test
    void whatWasPublishedHereIsKeptAgainWhenItIsBroughtBackBeforeItsRoomWasNeeded() throws Exception {
        Signed<Release> release = release("web", 1, first);
        packed(first);
        keeper.published(release.envelope());
        retire(release, true);
        restart("");
        assertEquals(Set.of(), keeper.manifests());

        retire(release, false);
        assertEquals(Set.of(id(first)), keeper.manifests());

        retire(release, true);
        host.delivery.incomplete(id(first));
        keeper.look();
        retire(release, false);
        assertEquals(Set.of(), keeper.manifests());
    }

    @Test
    void theLastCopyOfALiveReleaseGoesLast() throws Exception {
        LastCopies last = new LastCopies(documents, host.delivery::whole, host.swarms::isLast);
        Signed<Release> release = release("web", 1, first);
        documents.offer(release.envelope());
        packed(first);
        source.close();

        eventually("the other is gone", () -> last.manifests().equals(Set.of(id(first))));
        assertEquals("web:1", String.valueOf(last.names().get(id(first))));
        retire(release, true);
        assertEquals(Set.of(), last.manifests());
    }

    @Test
    void whatWasPackedAndNeverReleasedIsLetGoAfterADay() throws Exception {
        packed(first);
        assertEquals(Set.of(id(first)), keeper.manifests());

        now.addAndGet(Duration.ofDays(1).toMillis());
        restart("");

        eventually("it is let go", () -> keeper.manifests().isEmpty());
    }

    @Test
    void aPartThatWasPackedHereIsServedAfterARestartToo() throws Exception {
        first.putManifest(host.store);
        host.store.put(first.chunks().getFirst());
        assertFalse(keeper.packed(id(first)));
        host.swarms.leave(id(first));

        restart("");

        assertEquals(1, host.swarms.progress(id(first)).orElseThrow().chunks().have());
        assertEquals(Set.of(), host.delivery.whole());
    }

    @Test
    void onlyAReleaseCanBePublished() throws Exception {
        Envelope pin = fleet.pin(fleet.director, 1).sign().envelope();

        assertThrows(Refused.class, () -> keeper.published(pin));
        assertEquals(Set.of(), keeper.manifests());
    }

    private void retire(Signed<Release> release, boolean retired) throws IOException {
        Order order = retired ? new Order.Retire(release.hash()) : new Order.BringBack(release.hash());
        documents.offer(fleet.pin(fleet.director, ++pins).order(order).sign().envelope());
        keeper.look();
        coordinator.retire(release.hash(), retired);
    }

    private void packed(RandomImage image) throws IOException {
        image.putManifest(host.store);
        for (Chunk chunk : image.chunks()) {
            host.store.put(chunk);
        }
        assertTrue(keeper.packed(id(image)));
    }

    private void restart(String rule) throws IOException {
        keeper.close();
        keeper = keeper(rule);
    }

    private Keeper keeper(String rule) throws IOException {
        Envelope root = fleet.root.sign(List.of(fleet.rootKey));
        documents = Documents.open(
                dir.resolve("documents"),
                RootChain.of(root.hash(), List.of(root)),
                Release.Fit.any(),
                () -> Instant.ofEpochMilli(FleetFixture.NOW));
        Keeper.Tools tools = new Keeper.Tools(
                documents, coordinator, host.delivery, busy::get, () -> Instant.ofEpochMilli(now.get()));
        Keeper opened = Keeper.open(dir.resolve("keep"), KeepRule.parse(rule), tools);
        opened.start();
        return opened;
    }

    private Signed<Release> release(String name, long counter, RandomImage image) throws Refused {
        return fleet.signed(unsigned(name, counter, image));
    }

    private static Release unsigned(String name, long counter, RandomImage image) {
        Artifact disk = new Artifact(
                Artifact.DISK, image.length(), image.manifest().head().content(), id(image));
        return FleetFixture.release(name, Long.toString(counter), counter, List.of(disk));
    }

    private static ManifestId id(RandomImage image) {
        return image.manifest().id();
    }
}
