package dev.muster.coordinator.catalog;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// How people name a release: `name:version`; `name`, its newest; or `sha256:` and 12 or more digits of a release's
/// hash or of the id of a manifest in it, where the newest release that has it is meant. Where several are meant, the
/// newest is one that is not retired, if there is one.
public final class ImageRef {
    private static final String SEE = "; see: muster images";
    private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{12,64})");

    private ImageRef() {}

    /// The release that is meant, among these.
    ///
    /// @throws Unknown if there is none
    /// @throws BadConfiguration if the text has no such form, or too few digits to tell
    public static Signed<Release> resolve(String ref, Collection<Signed<Release>> releases, Predicate<Hash> isRetired)
            throws Unknown, BadConfiguration {
        List<Signed<Release>> found = ref.startsWith("sha256:") ? byDigest(ref, releases) : byName(ref, releases);
        return found.stream()
                .max(Comparator.comparing((Signed<Release> release) -> !isRetired.test(release.hash()))
                        .thenComparingLong(release -> release.document().counter()))
                .orElseThrow(() -> new Unknown("expected an image, found none called " + ref + SEE));
    }

    private static List<Signed<Release>> byName(String ref, Collection<Signed<Release>> releases)
            throws BadConfiguration {
        int colon = ref.indexOf(':');
        String name = colon < 0 ? ref : ref.substring(0, colon);
        if (!Names.isName(name) || (colon >= 0 && !Names.isName(ref.substring(colon + 1)))) {
            throw new BadConfiguration(
                    "image: expected name:version, name or sha256:HEX, found " + Names.printable(ref, 160) + SEE);
        }
        return releases.stream()
                .filter(release -> colon < 0
                        ? release.document().name().name().equals(name)
                        : release.document().name().toString().equals(ref))
                .toList();
    }

    private static List<Signed<Release>> byDigest(String ref, Collection<Signed<Release>> releases)
            throws BadConfiguration {
        var match = DIGEST.matcher(ref.toLowerCase(Locale.ROOT));
        if (!match.matches()) {
            throw new BadConfiguration("image: expected sha256: and 12 to 64 hexadecimal digits, found "
                    + Names.printable(ref, 160) + SEE);
        }
        String digits = match.group(1);
        List<Signed<Release>> byHash = releases.stream()
                .filter(release -> release.hash().hex().startsWith(digits))
                .toList();
        List<String> manifests = releases.stream()
                .flatMap(release -> release.document().artifacts().stream())
                .map(artifact -> artifact.manifest().hash().hex())
                .filter(hex -> hex.startsWith(digits))
                .distinct()
                .toList();
        if (byHash.size() + manifests.size() > 1) {
            throw new BadConfiguration("image: expected more digits, found several that begin with " + ref + SEE);
        }
        return !byHash.isEmpty()
                ? byHash
                : releases.stream()
                        .filter(release -> release.document().artifacts().stream()
                                .anyMatch(a ->
                                        manifests.contains(a.manifest().hash().hex())))
                        .toList();
    }
}
