package dev.muster.chunkstore.image;

import java.nio.ByteBuffer;

class MemoryImageTest extends DiskImageContract {
    @Override
    protected DiskImage open(ByteBuffer disk) {
        return new MemoryImage(disk);
    }
}
