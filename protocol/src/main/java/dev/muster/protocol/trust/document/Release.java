package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.KeyId;
import dev.muster.protocol.trust.key.SigningKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The images that belong together, under one name and version. It does not expire.
///
/// @param counter goes up with each release of this name: the newest is the one with the highest
/// @param artifacts 1 to 16, ascending by role
public record Release(Name name, long counter, Fit fit, long created, List<Artifact> artifacts, Extras extras) {
    public static final int ARTIFACTS_MAX = 16;

    public Release {
        artifacts = List.copyOf(artifacts);
        if (counter < 1 || created < 0) {
            throw new IllegalArgumentException("not a release: counter " + counter + ", created " + created);
        }
        if (artifacts.isEmpty() || artifacts.size() > ARTIFACTS_MAX) {
            throw new IllegalArgumentException("a release has 1 to 16 artifacts, not " + artifacts.size());
        }
        for (int i = 1; i < artifacts.size(); i++) {
            if (artifacts.get(i - 1).role().compareTo(artifacts.get(i).role()) >= 0) {
                throw new IllegalArgumentException("artifacts must be ascending by role and none twice: "
                        + artifacts.get(i).role());
            }
        }
    }

    /// What people call it: `name:version`.
    public record Name(String name, String version) {
        public Name {
            Names.require("name", name);
            Names.require("version", version);
        }

        /// @throws IllegalArgumentException for anything but `name:version`
        public static Name parse(String text) {
            int colon = text.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("expected name:version, found " + Names.printable(text, 140));
            }
            return new Name(text.substring(0, colon), text.substring(colon + 1));
        }

        @Override
        public String toString() {
            return name + ":" + version;
        }
    }

    /// The hosts it fits.
    ///
    /// @param product what the hosts are for
    /// @param hardware their class; [#ANY] for all
    public record Fit(String product, String hardware) {
        public static final String ANY = "any";

        public Fit {
            Names.require("product", product);
            Names.require("hardware class", hardware);
        }

        public static Fit any() {
            return new Fit(ANY, ANY);
        }

        /// Whether what is made for this is for a host that is `host`. One that does not say what it is gets only what
        /// is made for all.
        public boolean fits(Fit host) {
            return (product.equals(ANY) || product.equals(host.product))
                    && (hardware.equals(ANY) || hardware.equals(host.hardware));
        }

        /// `product/hardware`.
        @Override
        public String toString() {
            return product + "/" + hardware;
        }
    }

    /// @param commandLine the kernel's, or empty; at most 4,096 bytes
    /// @param provenance SHA-256 of a statement of how it was built, or zeros
    public record Extras(String commandLine, Hash provenance) {
        public static final int COMMAND_LINE_BYTES_MAX = 4096;

        public Extras {
            if (commandLine.getBytes(StandardCharsets.UTF_8).length > COMMAND_LINE_BYTES_MAX) {
                throw new IllegalArgumentException("a kernel command line has at most 4,096 bytes");
            }
        }

        public static Extras none() {
            return new Extras("", new Hash(0, 0, 0, 0));
        }
    }

    /// The image that the name stands for where one must be shown: the disk, else the first.
    public Artifact primary() {
        return artifact(Artifact.DISK).orElse(artifacts.getFirst());
    }

    public Optional<Artifact> artifact(String role) {
        return artifacts.stream().filter(a -> a.role().equals(role)).findFirst();
    }

    /// Signs by these keys; more can sign later.
    public Envelope sign(Collection<SigningKey> keys) {
        return Envelope.sign(Type.RELEASE, encode(), keys);
    }

    /// The release in the envelope, if enough release keys of `root` signed it.
    public static Signed<Release> verify(Envelope envelope, Root root) throws Refused {
        Set<KeyId> signers = root.verify(envelope, KeyRole.RELEASE);
        return new Signed<>(unverified(envelope), signers, envelope);
    }

    /// The release in the envelope, of which no signature was verified: for those who look at it in order to sign.
    public static Release unverified(Envelope envelope) throws Refused {
        return envelope.parse(Type.RELEASE, Release::read, Release::encode);
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(512).text(name.name).text(name.version).u64(counter);
        out.text(fit.product).text(fit.hardware).u64(created).u8(artifacts.size());
        artifacts.forEach(artifact -> artifact.write(out));
        out.text(extras.commandLine);
        extras.provenance.write(out);
        return out.toBytes();
    }

    private static Release read(ByteReader in) throws Corrupt {
        Name name = new Name(in.text(64), in.text(64));
        long counter = in.u64();
        Fit fit = new Fit(in.text(64), in.text(64));
        long created = in.u64();
        int count = in.u8(ARTIFACTS_MAX);
        List<Artifact> artifacts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            artifacts.add(Artifact.read(in));
        }
        Extras extras = new Extras(in.text(Extras.COMMAND_LINE_BYTES_MAX), Hash.read(in));
        return new Release(name, counter, fit, created, artifacts, extras);
    }
}
