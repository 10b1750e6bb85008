package dev.muster.chunkstore.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// A disk that tells before it does something, so that a test can do something else just then.
public final class ObservedDisk implements Disk {
    private final Disk disk;
    private final Observer observer;

    public ObservedDisk(Disk disk, Observer observer) {
        this.disk = disk;
        this.observer = observer;
    }

    /// Hears of each operation, in the thread that asks for it.
    @FunctionalInterface
    public interface Observer {
        void before(String operation, Path file) throws IOException;
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return new ObservedFile(file, disk.open(file));
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        observer.before("create", file);
        return new ObservedFile(file, disk.create(file));
    }

    @Override
    public boolean exists(Path file) {
        return disk.exists(file);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        observer.before("list", directory);
        return disk.list(directory);
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        observer.before("makeDirectory", directory);
        disk.makeDirectory(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        observer.before("rename", to);
        disk.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        observer.before("delete", file);
        disk.delete(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        observer.before("forceDirectory", directory);
        disk.forceDirectory(directory);
    }

    @Override
    public long freeBytes(Path directory) throws IOException {
        return disk.freeBytes(directory);
    }

    private final class ObservedFile implements DiskFile {
        private final Path path;
        private final DiskFile file;

        ObservedFile(Path path, DiskFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public void read(ByteBuffer out, long at) throws IOException {
            observer.before("read", path);
            file.read(out, at);
        }

        @Override
        public void write(ByteBuffer bytes, long at) throws IOException {
            observer.before("write", path);
            file.write(bytes, at);
        }

        @Override
        public void allocate(long bytes, boolean keepSize) throws IOException {
            observer.before("allocate", path);
            file.allocate(bytes, keepSize);
        }

        @Override
        public boolean punch(long at, long bytes) throws IOException {
            observer.before("punch", path);
            return file.punch(at, bytes);
        }

        @Override
        public boolean isAt(Path name) {
            return file.isAt(name);
        }

        @Override
        public void force() throws IOException {
            observer.before("force", path);
            file.force();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long bytes) throws IOException {
            observer.before("truncate", path);
            file.truncate(bytes);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
