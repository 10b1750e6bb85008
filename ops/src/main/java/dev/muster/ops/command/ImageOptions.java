package dev.muster.ops.command;

import dev.muster.ops.publish.Publication;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.document.Release;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What is to be packed, and what it is to be called.
final class ImageOptions {
    private static final Release.Name NONE = new Release.Name("none", "0");

    @Parameters(paramLabel = "FILE", description = "A raw or qcow2 image, or a block device.")
    private Path file = Path.of("");

    @Option(names = "--as", paramLabel = "NAME:VERSION", required = true, description = "What it is called.")
    private Release.Name name = NONE;

    @Option(
            names = "--parent",
            paramLabel = "REF",
            description = "What it was made from; else the newest version of its name.")
    private @Nullable String parent;

    @Option(names = "--kernel", paramLabel = "FILE", description = "The kernel to boot it with.")
    private @Nullable Path kernel;

    @Option(names = "--initrd", paramLabel = "FILE", description = "The initrd to boot it with.")
    private @Nullable Path initrd;

    @Option(names = "--cmdline", paramLabel = "TEXT", defaultValue = "", description = "The kernel's command line.")
    private String commandLine = "";

    @Option(
            names = "--product",
            paramLabel = "NAME",
            defaultValue = Release.Fit.ANY,
            description = "Only for hosts with this activate.product: ${DEFAULT-VALUE}.")
    private String product = Release.Fit.ANY;

    @Option(
            names = "--hardware",
            paramLabel = "NAME",
            defaultValue = Release.Fit.ANY,
            description = "Only for hosts with this activate.hardware: ${DEFAULT-VALUE}.")
    private String hardware = Release.Fit.ANY;

    Release.Name name() {
        return name;
    }

    Publication publication() throws BadConfiguration {
        SortedMap<String, Path> files = new TreeMap<>();
        if (kernel != null) {
            files.put(Artifact.KERNEL, kernel);
        }
        if (initrd != null) {
            files.put(Artifact.INITRD, initrd);
        }
        if (!Names.isName(product) || !Names.isName(hardware)) {
            throw new BadConfiguration("--product, --hardware: expected names of a-z 0-9 . _ -, found "
                    + Names.printable(product + ", " + hardware, 140));
        }
        Publication.Extras extras = new Publication.Extras(commandLine, new Release.Fit(product, hardware));
        return new Publication(name, file, files, extras, Optional.ofNullable(parent));
    }
}
