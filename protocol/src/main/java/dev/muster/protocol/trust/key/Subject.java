package dev.muster.protocol.trust.key;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Who somebody is, as their certificate says: the URI `muster://FLEET/ROLE/ID`.
///
/// @param fleet `[a-z0-9][a-z0-9._-]{0,63}`
/// @param id the same form; a host's is [#hostId]
public record Subject(String fleet, Role role, String id) {
    private static final String NAME = "[a-z0-9][a-z0-9._-]{0,63}";
    private static final Pattern NAMES = Pattern.compile(NAME);
    private static final Pattern URI =
            Pattern.compile("muster://(" + NAME + ")/(host|coordinator|viewer|operator|admin)/(" + NAME + ")");
    private static final int URI_NAME = 6;

    public Subject {
        if (!NAMES.matcher(fleet).matches() || !NAMES.matcher(id).matches()) {
            throw new IllegalArgumentException("not the name of a fleet and a member: " + fleet + ", " + id);
        }
    }

    /// What a certificate allows its holder to be.
    public enum Role {
        HOST,
        COORDINATOR,
        /// Somebody who may look.
        VIEWER,
        /// Who may also give orders.
        OPERATOR,
        /// Who may also say who is a member, and take over what keys have signed.
        ADMIN;

        /// Whether this is somebody and not something.
        public boolean isPerson() {
            return this == VIEWER || this == OPERATOR || this == ADMIN;
        }

        String lowerCase() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @throws IllegalArgumentException for anything but `muster://FLEET/ROLE/ID`
    public static Subject parse(String uri) {
        Matcher match = URI.matcher(uri);
        if (!match.matches()) {
            throw new IllegalArgumentException("expected muster://FLEET/ROLE/ID, found " + uri);
        }
        return new Subject(match.group(1), Role.valueOf(match.group(2).toUpperCase(Locale.ROOT)), match.group(3));
    }

    /// The one subject that the certificate names.
    public static Subject of(X509Certificate certificate) throws Refused {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            List<String> uris = names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0).equals(URI_NAME))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
            if (uris.size() == 1) {
                return parse(uris.getFirst());
            }
            throw new Refused(
                    Reason.NOT_ALLOWED, "certificate: expected one URI muster://FLEET/ROLE/ID, found " + uris);
        } catch (CertificateParsingException | IllegalArgumentException e) {
            throw new Refused(Reason.NOT_ALLOWED, "certificate: " + e.getMessage());
        }
    }

    /// The id of the host with this key: `h` and the first 15 digits of the SHA-256 of its X.509 form. A host that
    /// enrols twice with one key is one host.
    public static String hostId(PublicKey key) {
        return "h" + Hash.of(key.getEncoded()).hex().substring(0, 15);
    }

    /// The URI.
    @Override
    public String toString() {
        return "muster://" + fleet + "/" + role.lowerCase() + "/" + id;
    }
}
