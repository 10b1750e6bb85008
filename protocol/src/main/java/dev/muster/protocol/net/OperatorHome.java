package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/// What an operator needs on any machine: who they are, which fleet, and where its coordinators answer.
///
/// ```
/// operator.pem  key and certificate    root  the root document that is believed
/// coordinators  host:port, one per line
/// ```
public record OperatorHome(
        Path directory, TlsIdentity identity, Envelope rootDocument, Root root, List<Address> coordinators) {
    private static final String IDENTITY = "operator.pem";
    private static final String ROOT = "root";
    private static final String COORDINATORS = "coordinators";
    private static final int LIST_BYTES_MAX = 64 * 1024;

    public OperatorHome {
        coordinators = List.copyOf(coordinators);
    }

    public static OperatorHome create(Path directory, TlsIdentity identity, Envelope root, List<Address> coordinators)
            throws IOException {
        DurableFile.createDirectory(directory, true);
        identity.save(directory.resolve(IDENTITY));
        DurableFile.write(directory.resolve(ROOT), root.encode());
        String lines =
                String.join("\n", coordinators.stream().map(Address::toString).toList()) + "\n";
        DurableFile.write(directory.resolve(COORDINATORS), lines.getBytes(StandardCharsets.UTF_8));
        return load(directory);
    }

    /// @throws BadConfiguration if it is no such directory
    public static OperatorHome load(Path directory) throws IOException {
        if (!Files.isRegularFile(directory.resolve(IDENTITY))) {
            throw new BadConfiguration(directory + ": expected an operator's directory, found no " + IDENTITY);
        }
        Envelope root = Envelope.decode(DurableFile.read(directory.resolve(ROOT), Envelope.BYTES_MAX));
        String lines =
                new String(DurableFile.read(directory.resolve(COORDINATORS), LIST_BYTES_MAX), StandardCharsets.UTF_8);
        try {
            List<Address> addresses = lines.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .map(Address::parse)
                    .toList();
            return new OperatorHome(
                    directory,
                    TlsIdentity.load(directory.resolve(IDENTITY)),
                    root,
                    RootChain.of(root.hash(), List.of(root)).newest(),
                    addresses);
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration(directory.resolve(COORDINATORS) + ": " + e.getMessage());
        }
    }

    /// Talks to the coordinators as this operator.
    public CoordinatorClient open(InstantSource clock) {
        FleetTrust trust = new FleetTrust(root.fleet(), root.terms().caRoot(), Set.of(Subject.Role.COORDINATOR), clock);
        return CoordinatorClient.open(coordinators, new TlsKeys(identity), trust);
    }
}
