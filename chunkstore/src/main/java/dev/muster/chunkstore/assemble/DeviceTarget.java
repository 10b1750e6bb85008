package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.linux.LinuxException;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.protocol.MusterException.TargetRefused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A block device that is written in place. It is held exclusively until it is closed: nobody can mount it meanwhile.
/// What lies behind the image is left alone.
final class DeviceTarget implements Target {
    private final LinuxFile claim;
    private final TargetChannel channel;

    private DeviceTarget(LinuxFile claim, TargetChannel channel) {
        this.claim = claim;
        this.channel = channel;
    }

    static DeviceTarget open(Path device, long length) throws IOException {
        BlockDevices.ofThisHost().requireUnused(device, BlockDevices.number(device));
        LinuxFile claim;
        try {
            claim = LinuxFile.openExclusive(device);
        } catch (LinuxException e) {
            String found = e.errno() == LinuxException.EBUSY ? "it in use" : e.getMessage();
            throw new TargetRefused("target " + device + ": expected a device that nobody uses, found " + found, e);
        }
        try {
            TargetChannel channel = TargetChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE);
            long size = channel.size();
            if (size < length) {
                channel.close();
                throw new TargetRefused("target " + device + ": expected room for " + length + " bytes, found " + size);
            }
            return new DeviceTarget(claim, channel);
        } catch (IOException e) {
            claim.close();
            throw e;
        }
    }

    @Override
    public boolean isBlank() {
        return false;
    }

    @Override
    public void reserve(long bytes) {
        // It was large enough when it was opened.
    }

    @Override
    public void read(ByteBuffer out, long at) throws IOException {
        channel.read(out, at);
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
        channel.write(bytes, at);
    }

    @Override
    public void commit() throws IOException {
        channel.force();
    }

    @Override
    public void close() throws IOException {
        try (claim) {
            channel.close();
        }
    }
}
