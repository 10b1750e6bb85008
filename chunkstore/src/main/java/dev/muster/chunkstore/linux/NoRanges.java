package dev.muster.chunkstore.linux;

/// A kernel that can do nothing but read and write.
final class NoRanges implements RangeCalls {
    @Override
    public boolean share(LinuxFile source, long from, long bytes, LinuxFile file, long offset) {
        return false;
    }

    @Override
    public boolean punch(LinuxFile file, long offset, long bytes) {
        return false;
    }

    @Override
    public boolean zero(LinuxFile file, long offset, long bytes) {
        return false;
    }

    @Override
    public boolean writeBack(LinuxFile file, long offset, long bytes) {
        return false;
    }

    @Override
    public boolean forget(LinuxFile file, long offset, long bytes) {
        return false;
    }

    @Override
    public long holeBytes(LinuxFile file, long offset) {
        return 0;
    }
}
