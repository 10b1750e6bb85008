package dev.muster.protocol.trust.key;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// What the three kinds of certificate of a fleet say (RFC 5280).
final class CertificateForm {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final int SERIAL_BITS = 127;

    private CertificateForm() {}

    /// What a member's certificate says.
    record Leaf(Subject subject, VerifyKey holder, Set<String> addresses, Validity validity) {}

    static X509Certificate root(String fleet, SigningKey key, Validity validity) {
        X500Name name = name(fleet, "root");
        return authority(name, name, 1, key, key.verifyKey(), validity);
    }

    static X509Certificate intermediate(
            String fleet,
            String name,
            X509Certificate issuer,
            SigningKey issuerKey,
            VerifyKey holder,
            Validity validity) {
        return authority(nameOf(issuer), name(fleet, "ca " + name), 0, issuerKey, holder, validity);
    }

    static X509Certificate leaf(Leaf leaf, X509Certificate issuer, SigningKey issuerKey) {
        Subject subject = leaf.subject;
        X500Name name = name(subject.fleet(), subject.role().lowerCase() + " " + subject.id());
        X509v3CertificateBuilder certificate = start(nameOf(issuer), name, leaf.holder, leaf.validity);
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, subject.toString()));
        for (String address : leaf.addresses) {
            int kind = ADDRESS.matcher(address).matches() ? GeneralName.iPAddress : GeneralName.dNSName;
            names.add(new GeneralName(kind, address));
        }
        try {
            certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            certificate.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            certificate.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            certificate.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            return sign(certificate, leaf.holder, issuerKey);
        } catch (IOException e) {
            throw new IllegalStateException("an extension of ours can be encoded", e);
        }
    }

    private static X509Certificate authority(
            X500Name issuer, X500Name name, int depth, SigningKey issuerKey, VerifyKey holder, Validity validity) {
        X509v3CertificateBuilder certificate = start(issuer, name, holder, validity);
        try {
            certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(depth));
            certificate.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return sign(certificate, holder, issuerKey);
        } catch (IOException e) {
            throw new IllegalStateException("an extension of ours can be encoded", e);
        }
    }

    private static X509v3CertificateBuilder start(X500Name issuer, X500Name name, VerifyKey holder, Validity validity) {
        BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1);
        return new JcaX509v3CertificateBuilder(
                issuer,
                serial,
                Date.from(validity.notBefore()),
                Date.from(validity.notAfter()),
                name,
                publicKey(holder));
    }

    private static X509Certificate sign(X509v3CertificateBuilder certificate, VerifyKey holder, SigningKey issuer)
            throws IOException {
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            certificate.addExtension(
                    Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(publicKey(holder)));
            certificate.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers.createAuthorityKeyIdentifier(publicKey(issuer.verifyKey())));
            return Certificates.parse(certificate
                    .build(new JcaContentSignerBuilder("SHA256withECDSA")
                            .build(issuer.privateKey(Algorithm.ECDSA_P256)))
                    .getEncoded());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("a checked key can sign a certificate", e);
        }
    }

    private static PublicKey publicKey(VerifyKey key) {
        return key.publicKey(Algorithm.ECDSA_P256);
    }

    private static X500Name nameOf(X509Certificate issuer) {
        return X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
    }

    private static X500Name name(String fleet, String name) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "muster " + fleet)
                .addRDN(BCStyle.CN, name)
                .build();
    }
}
