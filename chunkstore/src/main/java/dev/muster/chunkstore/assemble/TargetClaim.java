package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.linux.LinuxException;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.protocol.MusterException.TargetRefused;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// That a target which is written in place is nobody else's: a block device cannot be mounted or claimed
/// meanwhile, nor a file be claimed. The kernel gives it back when the process ends.
public final class TargetClaim implements Closeable {
    private static final Path DEVICES = Path.of("/dev");

    private final LinuxFile file;
    private final boolean device;

    private TargetClaim(LinuxFile file, boolean device) {
        this.file = file;
        this.device = device;
    }

    /// What the target is called once all links are followed.
    ///
    /// @throws TargetRefused if there is no directory for it, or it is a device that is not there
    public static Path real(Path target) throws IOException {
        if (Files.exists(target)) {
            return target.toRealPath();
        }
        Path parent = target.toAbsolutePath().getParent();
        if (parent != null && parent.startsWith(DEVICES)) {
            throw new TargetRefused("target " + target + ": expected a block device, found none");
        }
        if (parent == null || !Files.isDirectory(parent) || Files.isSymbolicLink(target)) {
            throw new TargetRefused("target " + target + ": expected a directory to write to, found none");
        }
        return parent.toRealPath().resolve(target.getFileName());
    }

    /// @param target that is there
    /// @throws TargetRefused if it is mounted, held, claimed, or neither a file nor a block device
    public static TargetClaim take(Path target) throws IOException {
        boolean device = BlockDevices.isBlockDevice(target);
        if (!device && !Files.isRegularFile(target)) {
            throw new TargetRefused("target " + target + ": expected a file or block device, found something else");
        }
        if (!device) {
            BlockDevices.ofThisHost().requireNotBacking(target.toRealPath());
        } else {
            BlockDevices.ofThisHost().requireUnused(target, BlockDevices.number(target));
        }
        LinuxFile file;
        try {
            file = device ? LinuxFile.openExclusive(target) : LinuxFile.open(target);
        } catch (LinuxException e) {
            String found = e.errno() == LinuxException.EBUSY ? "it in use" : e.getMessage();
            throw new TargetRefused("target " + target + ": expected one that nobody uses, found " + found, e);
        }
        if (device || lock(target, file)) {
            return new TargetClaim(file, device);
        }
        throw new TargetRefused("target " + target + ": expected one that nobody uses, found another who does");
    }

    private static boolean lock(Path target, LinuxFile file) throws IOException {
        try {
            return file.tryLock();
        } catch (LinuxException e) {
            throw new TargetRefused(
                    "target " + target + ": expected it on a file system with locks, found: " + e.getMessage(), e);
        }
    }

    /// It is closed with the claim.
    LinuxFile file() {
        return file;
    }

    public boolean isDevice() {
        return device;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
