package dev.muster.coordinator;

import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.CoordinatorClient;
import dev.muster.protocol.net.EnrolRequest;
import dev.muster.protocol.net.Enrolment;
import dev.muster.protocol.net.Membership;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.KeepRule;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.TlsKeys;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A host that has joined a running coordinator's fleet.
final class JoinedHost {
    final SigningKey key;
    final Enrolment enrolment;
    final CoordinatorClient client;
    private long counter;

    private JoinedHost(SigningKey key, Enrolment enrolment, CoordinatorClient client) {
        this.key = key;
        this.enrolment = enrolment;
        this.client = client;
    }

    static JoinedHost join(RunningCoordinator fleet, String token, Map<String, String> labels) throws IOException {
        SigningKey key = SigningKey.generate(SigningKey.TLS);
        EnrolRequest request = EnrolRequest.of(token, key, "10.0.0.7:7410", "rome", new TreeMap<>(labels));
        Enrolment enrolment = fleet.stranger().enrol(request);
        return new JoinedHost(key, enrolment, fleet.client(new TlsKeys(new TlsIdentity(key, enrolment.chain()))));
    }

    static JoinedHost join(RunningCoordinator fleet) throws IOException {
        return join(fleet, fleet.token(), Map.of());
    }

    String id() {
        return enrolment.host();
    }

    /// For another coordinator at another address.
    TlsKeys keys() throws IOException {
        return new TlsKeys(new TlsIdentity(key, enrolment.chain()));
    }

    Membership report(HostReport.State state) throws IOException {
        return report(state, images(new TreeMap<>(), new TreeMap<>()));
    }

    Membership reportRunning(String name, Hash release, ManifestId manifest) throws IOException {
        return report(HostReport.State.READY, images(images(name, release, manifest), new TreeMap<>()));
    }

    /// Says that it could not do what it is told for this name.
    Membership reportFailed(String name, Hash release, ManifestId manifest) throws IOException {
        SortedMap<String, HostReport.Work> work = new TreeMap<>(Map.of(name, work(HostReport.State.FAILED, "no room")));
        return report(HostReport.State.FAILED, images(new TreeMap<>(), images(name, release, manifest)), work);
    }

    private static HostReport.Work work(HostReport.State state, String error) {
        return new HostReport.Work(state, new HostReport.Progress(0, 0), 0, new HostReport.Times(1, 0, 0), error);
    }

    private static SortedMap<String, HostReport.Image> images(String name, Hash release, ManifestId manifest) {
        return new TreeMap<>(Map.of(name, new HostReport.Image(release, manifest)));
    }

    private static HostReport.Images images(
            SortedMap<String, HostReport.Image> running, SortedMap<String, HostReport.Image> wanted) {
        return new HostReport.Images(running, wanted, HostReport.Stock.none());
    }

    /// Says what it keeps, and what it has whole.
    Membership reportStock(String keeps, ManifestId... whole) throws IOException {
        HostReport.Stock stock = HostReport.Stock.of(KeepRule.parse(keeps), List.of(whole));
        return report(HostReport.State.READY, new HostReport.Images(new TreeMap<>(), new TreeMap<>(), stock));
    }

    private Membership report(HostReport.State state, HostReport.Images images) throws IOException {
        return report(state, images, new TreeMap<>());
    }

    private Membership report(HostReport.State state, HostReport.Images images, SortedMap<String, HostReport.Work> work)
            throws IOException {
        counter++;
        return client.report(report(counter, state, images, work).sign(key));
    }

    HostReport report(long number, HostReport.State state) {
        return report(number, state, images(new TreeMap<>(), new TreeMap<>()), new TreeMap<>());
    }

    private HostReport report(
            long number, HostReport.State state, HostReport.Images images, SortedMap<String, HostReport.Work> work) {
        return new HostReport(
                new HostReport.Origin(id(), number, "boot-1", 1000),
                state,
                new HostReport.Place("10.0.0.7:7410", enrolment.membership().site()),
                images,
                work,
                HostReport.Effort.none());
    }
}
