package dev.muster.protocol.trust.key;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One certificate authority of a fleet: the root, which stays offline, or an intermediate of a coordinator.
///
/// Whoever asks for a certificate gives a key and nothing else: the name, role and addresses come from the caller's own
/// records. Immutable, safe for threads.
public final class FleetCa {
    private final SigningKey key;
    private final List<X509Certificate> chain;

    private FleetCa(SigningKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = List.copyOf(chain);
    }

    /// A new fleet's root.
    public static FleetCa createRoot(String fleet, Validity validity) {
        SigningKey key = SigningKey.generate(SigningKey.TLS);
        return new FleetCa(key, List.of(CertificateForm.root(fleet, key, validity)));
    }

    /// A new authority with a new key, under this one, which must be a root.
    public FleetCa createIntermediate(String fleet, String name, Validity validity) {
        if (chain.size() != 1) {
            throw new IllegalArgumentException("an intermediate is made under a root only");
        }
        SigningKey intermediate = SigningKey.generate(SigningKey.TLS);
        X509Certificate certificate =
                CertificateForm.intermediate(fleet, name, chain.getFirst(), key, intermediate.verifyKey(), validity);
        return new FleetCa(intermediate, List.of(certificate, chain.getFirst()));
    }

    /// SHA-256 of the root's certificate, for the root document.
    public Hash rootHash() {
        return Certificates.hashOf(chain.getLast());
    }

    /// A certificate for the holder of `holder`, followed by those up to the root.
    ///
    /// @param addresses IP addresses and DNS names to add, for other programs than ours: these check host names
    public List<X509Certificate> issue(VerifyKey holder, Subject subject, Set<String> addresses, Validity validity) {
        List<X509Certificate> issued = new ArrayList<>();
        issued.add(CertificateForm.leaf(
                new CertificateForm.Leaf(subject, holder, addresses, validity), chain.getFirst(), key));
        issued.addAll(chain);
        return issued;
    }

    /// An identity with a new key, for members that whoever has the authority makes themselves.
    public TlsIdentity issueIdentity(Subject subject, Set<String> addresses, Validity validity) throws Refused {
        SigningKey holder = SigningKey.generate(SigningKey.TLS);
        return new TlsIdentity(holder, issue(holder.verifyKey(), subject, addresses, validity));
    }

    /// Replaces the file, which only its owner can read from its first byte on.
    public void save(Path file) throws IOException {
        Pem pem = key.write(new Pem());
        chain.forEach(certificate -> pem.add(Pem.CERTIFICATE, Certificates.der(certificate)));
        DurableFile.writeSecret(file, pem.toBytes());
    }

    public static FleetCa load(Path file) throws IOException {
        byte[] pem = DurableFile.read(file, Pem.FILE_BYTES_MAX);
        String what = file.toString();
        SigningKey key = SigningKey.read(what, pem);
        List<X509Certificate> chain = Pem.blocks(what, pem, Pem.CERTIFICATE, Certificates::parse);
        if (chain.isEmpty()
                || !chain.getFirst().getPublicKey().equals(key.verifyKey().publicKey(Algorithm.ECDSA_P256))) {
            throw new Corrupt(what + ": expected a key and the chain of its certificates, found others");
        }
        return new FleetCa(key, chain);
    }

    @Override
    public String toString() {
        return chain.getFirst().getSubjectX500Principal().toString();
    }
}
