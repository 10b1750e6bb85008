package dev.muster.chunkstore.assemble;

public final class Assembler {
    public Assembler(dev.muster.chunkstore.codec.FrameCodec c, java.util.concurrent.ExecutorService e) {}

    public void write(dev.muster.protocol.content.Manifest m, FileTarget t, dev.muster.chunkstore.Progress p)
            throws java.io.IOException {}
}
