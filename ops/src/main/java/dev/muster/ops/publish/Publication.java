package dev.muster.ops.publish;

import dev.muster.protocol.trust.document.Release;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is to be published.
///
/// @param disk a raw or qcow2 file, or a block device
/// @param files other artifacts by role: kernel, initrd
/// @param parent what to pack against; the newest version of the same name if it is empty
public record Publication(
        Release.Name name, Path disk, SortedMap<String, Path> files, Extras extras, Optional<String> parent) {

    /// @param commandLine the kernel's, or empty
    /// @param fit the hosts that it is for
    public record Extras(String commandLine, Release.Fit fit) {}

    public Publication {
        files = new TreeMap<>(files);
    }
}
