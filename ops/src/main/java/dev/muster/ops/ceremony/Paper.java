package dev.muster.ops.ceremony;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.KeyRole;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Revocations;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Signers;
import dev.muster.protocol.trust.key.Signature;
import dev.muster.protocol.trust.key.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// A document in a file, on its way from signer to signer.
public record Paper(Envelope envelope) {

    public static Paper read(Path file) throws IOException {
        return new Paper(Envelope.decode(DurableFile.read(file, Envelope.BYTES_MAX)));
    }

    public void write(Path file) throws IOException {
        DurableFile.write(file, envelope.encode());
    }

    public Paper signedBy(Collection<SigningKey> keys) {
        return new Paper(envelope.signedBy(keys));
    }

    /// All signatures on copies of one document.
    public static Paper merge(List<Path> files) throws IOException {
        if (files.isEmpty()) {
            throw new BadConfiguration("expected a file with a document, found none");
        }
        Envelope merged = read(files.getFirst()).envelope;
        for (Path file : files.subList(1, files.size())) {
            merged = merged.merge(read(file).envelope);
        }
        return new Paper(merged);
    }

    /// What a signer should read before signing, a line each.
    public List<String> describe() throws Refused {
        List<String> lines = new ArrayList<>();
        lines.add(envelope.type() + " " + envelope.hash());
        switch (envelope.type()) {
            case ROOT -> describe(Root.unverified(envelope), lines);
            case RELEASE -> describe(Release.unverified(envelope), lines);
            case PIN -> describe(Pin.unverified(envelope), lines);
            case REVOCATIONS -> describe(Revocations.unverified(envelope), lines);
            case FRESHNESS, HOST_REPORT -> lines.add("nobody signs that by hand");
        }
        List<String> signers = envelope.signatures().stream()
                .map(Signature::key)
                .distinct()
                .map(key -> "key:" + key.hash().brief())
                .toList();
        lines.add("signed by " + (signers.isEmpty() ? "nobody yet" : String.join(", ", signers)));
        return lines;
    }

    private static void describe(Root root, List<String> lines) {
        lines.add("fleet " + root.fleet() + ", root number " + root.number() + ", made "
                + Instant.ofEpochMilli(root.created()));
        lines.add("algorithms " + root.required());
        for (KeyRole role : KeyRole.values()) {
            Signers signers = root.signers(role);
            List<String> keys = signers.keys().keySet().stream()
                    .map(key -> "key:" + key.hash().brief())
                    .toList();
            lines.add(role + ": " + signers.threshold() + " of " + String.join(", ", keys));
        }
        lines.add("pacing ceiling " + root.terms().pacingPpmPerHour() + " ppm per hour, grace "
                + root.terms().graceDays() + " days, CA root " + root.terms().caRoot());
    }

    private static void describe(Release release, List<String> lines) {
        lines.add("release " + release.name() + ", counter " + release.counter() + ", for " + release.fit() + ", made "
                + Instant.ofEpochMilli(release.created()));
        for (Artifact artifact : release.artifacts()) {
            lines.add(artifact.role() + ": " + artifact.length() + " bytes, content " + artifact.content()
                    + ", manifest " + artifact.manifest());
        }
    }

    private static void describe(Pin pin, List<String> lines) {
        lines.add("pin " + pin.sequence().number() + " of " + pin.name() + ": " + pin.order());
        lines.add("for " + pin.scope() + ", priority " + pin.terms().priority() + ", " + pin.wave());
    }

    private static void describe(Revocations list, List<String> lines) {
        lines.add("revocation list number " + list.number() + ", made " + Instant.ofEpochMilli(list.created()));
        list.releases().forEach(release -> lines.add("release " + release));
        list.floors().forEach((name, counter) -> lines.add("no " + name + " below counter " + counter));
        list.members().hosts().forEach(host -> lines.add("host " + host));
        list.members().operators().forEach(operator -> lines.add("operator " + operator));
        list.members().coordinators().forEach(coordinator -> lines.add("coordinator " + coordinator));
    }
}
