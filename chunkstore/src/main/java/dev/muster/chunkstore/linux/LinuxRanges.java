package dev.muster.chunkstore.linux;

import java.io.IOException;

/// The calls of Linux. What it cannot do to this file or range is not done; what fails, fails.
final class LinuxRanges implements RangeCalls {
    @Override
    public boolean share(LinuxFile source, long from, long bytes, LinuxFile file, long offset) throws IOException {
        try {
            file.cloneFrom(source, from, bytes, offset);
            return true;
        } catch (LinuxException e) {
            if (e.isUnsupported() || e.errno() == LinuxException.EAGAIN) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public boolean punch(LinuxFile file, long offset, long bytes) throws IOException {
        return done(() -> file.punchHole(offset, bytes));
    }

    @Override
    public boolean zero(LinuxFile file, long offset, long bytes) throws IOException {
        return done(() -> file.zeroRange(offset, bytes));
    }

    @Override
    public boolean writeBack(LinuxFile file, long offset, long bytes) throws IOException {
        return done(() -> file.writeBack(offset, bytes));
    }

    @Override
    public boolean forget(LinuxFile file, long offset, long bytes) throws IOException {
        return done(() -> file.forget(offset, bytes));
    }

    @Override
    public long holeBytes(LinuxFile file, long offset) throws IOException {
        try {
            long data = file.nextData(offset);
            return data == Long.MAX_VALUE ? data : data - offset;
        } catch (LinuxException e) {
            if (e.isUnsupported()) {
                return 0;
            }
            throw e;
        }
    }

    @FunctionalInterface
    private interface Call {
        void run() throws IOException;
    }

    private static boolean done(Call call) throws IOException {
        try {
            call.run();
            return true;
        } catch (LinuxException e) {
            if (e.isUnsupported()) {
                return false;
            }
            throw e;
        }
    }
}
