package dev.muster.chunkstore.image;

import dev.muster.protocol.MusterException.BadConfiguration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// How large a disk's logical sectors are. No container says, so the disk itself is asked: its GPT header lies in its
/// second sector (UEFI 2.10, 5.3.2).
final class Sectors {
    static final int SMALL = 512;
    private static final int LARGE = 4096;
    private static final ByteBuffer GPT = StandardCharsets.US_ASCII.encode("EFI PART");

    private Sectors() {}

    /// Reads bytes of a disk at an offset.
    interface Disk {
        void read(long offset, ByteBuffer into) throws IOException;
    }

    /// @throws BadConfiguration if the disk does not have whole sectors
    static int of(String name, long length, Disk disk) throws IOException {
        if (length % SMALL != 0) {
            throw new BadConfiguration(name + ": expected a disk of whole sectors of 512 bytes, found " + length
                    + " bytes; publish it as an opaque file if it is no disk");
        }
        boolean large = length % LARGE == 0 && length > LARGE && !hasGpt(SMALL, disk) && hasGpt(LARGE, disk);
        return large ? LARGE : SMALL;
    }

    private static boolean hasGpt(int offset, Disk disk) throws IOException {
        ByteBuffer found = ByteBuffer.allocate(GPT.capacity());
        disk.read(offset, found);
        return found.flip().equals(GPT);
    }
}
