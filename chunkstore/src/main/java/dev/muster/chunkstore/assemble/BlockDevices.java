package dev.muster.chunkstore.assemble;

import dev.muster.protocol.MusterException.TargetRefused;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the kernel says about block devices: who uses them.
///
/// @param proc where `proc(5)` is mounted
/// @param sys where `sysfs(5)` is mounted
record BlockDevices(Path proc, Path sys) {
    private static final int S_IFMT = 0170000;
    private static final int S_IFBLK = 0060000;

    static BlockDevices ofThisHost() {
        return new BlockDevices(Path.of("/proc"), Path.of("/sys"));
    }

    static boolean isBlockDevice(Path path) throws IOException {
        return Files.exists(path) && ((int) Files.getAttribute(path, "unix:mode") & S_IFMT) == S_IFBLK;
    }

    /// `major:minor` of a device file.
    static String number(Path device) throws IOException {
        long number = (long) Files.getAttribute(device, "unix:rdev");
        long major = (number >> 8 & 0xfff) | (number >> 32 & 0xffff_f000L);
        long minor = (number & 0xff) | (number >> 12 & 0xffff_ff00L);
        return major + ":" + minor;
    }

    /// Nobody may use the device or a partition of it: no mount, and no device that is built upon it.
    ///
    /// @throws TargetRefused naming who does
    void requireUnused(Path device, String number) throws IOException {
        List<String> numbers = new ArrayList<>(List.of(number));
        Path entry = sys.resolve("dev/block").resolve(number);
        requireNoHolder(device, entry);
        for (Path child : children(entry)) {
            if (Files.exists(child.resolve("partition"))) {
                requireNoHolder(device, child);
                numbers.add(Files.readString(child.resolve("dev")).strip());
            }
        }
        for (String line : Files.readAllLines(proc.resolve("self/mountinfo"))) {
            // proc_pid_mountinfo(5): mount id, parent id, major:minor, root, mount point, ...
            List<String> fields = List.of(line.split(" "));
            if (fields.size() > 4 && numbers.contains(fields.get(2))) {
                throw new TargetRefused("target " + device
                        + ": expected a device that nobody uses, found it mounted at " + fields.get(4));
            }
        }
    }

    /// No loop device may be made of the file: who writes to it would write below a file system.
    ///
    /// @throws TargetRefused naming the device
    void requireNotBacking(Path file) throws IOException {
        for (Path device : children(sys.resolve("block"))) {
            Path backing = device.resolve("loop/backing_file");
            if (Files.exists(backing) && Files.readString(backing).strip().equals(file.toString())) {
                throw new TargetRefused("target " + file + ": expected a file that nobody uses, found it behind /dev/"
                        + device.getFileName() + "; see: losetup -d");
            }
        }
    }

    private static void requireNoHolder(Path device, Path entry) throws IOException {
        for (Path holder : children(entry.resolve("holders"))) {
            throw new TargetRefused("target " + device + ": expected a device that nobody uses, found it held by "
                    + holder.getFileName());
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        List<Path> children = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
                stream.forEach(children::add);
            }
        }
        return children;
    }
}
