package dev.muster.chunkstore.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A disk in memory that fails as real ones do: it fills up, an operation of it fails, or its power is cut. Then it
/// forgets, by chance, what was not forced: some writes and not others, half of one, names given and taken.
///
/// Operations that change something are counted, so that a test can let the same run fail at each of them in turn.
public final class FaultDisk implements Disk {
    private static final int SECTOR = 512;

    private final TreeMap<Path, Node> names = new TreeMap<>();
    private final Map<Path, Node> durableNames = new HashMap<>();
    private final List<NameChange> nameChanges = new ArrayList<>();
    private final TreeSet<Path> directories = new TreeSet<>();
    private final long capacity;
    private int operations;
    private int cutAt = Integer.MAX_VALUE;
    private int failAt = Integer.MAX_VALUE;
    private @Nullable String failOnly;

    public FaultDisk(long capacity) {
        this.capacity = capacity;
    }

    /// A change of a directory that is not durable yet; without a node, a name is taken away.
    private record NameChange(Path directory, Map<Path, @Nullable Node> names) {}

    /// A change of a file that is not durable yet.
    private sealed interface Change {}

    private record Write(int at, ByteBuffer bytes) implements Change {}

    private record Resize(int size) implements Change {}

    /// How many operations there were.
    public synchronized int operations() {
        return operations;
    }

    /// A disk that holds the same, all of it durable.
    public synchronized FaultDisk copy() {
        FaultDisk copy = new FaultDisk(capacity);
        copy.directories.addAll(directories);
        names.forEach((name, node) -> {
            Node same = new Node(node.current);
            copy.names.put(name, same);
            copy.durableNames.put(name, same);
        });
        return copy;
    }

    /// The files on the disk.
    public synchronized List<Path> files() {
        return List.copyOf(names.keySet());
    }

    /// From operation `operation` on there is no power: it may happen in part, and none after it.
    public synchronized FaultDisk cutAt(int operation) {
        cutAt = operation;
        return this;
    }

    /// Operation `operation` fails and does nothing, and those after it work.
    public synchronized FaultDisk failAt(int operation) {
        failAt = operation;
        return this;
    }

    /// Every operation of that name fails from now on: `write`, `force`, ...; `""` for none.
    public synchronized void failAll(String name) {
        failOnly = name;
    }

    /// The disk as it is found when the power is back.
    public synchronized FaultDisk afterPowerCut(RandomGenerator random) {
        FaultDisk disk = new FaultDisk(capacity);
        disk.directories.addAll(directories);
        Map<Path, Node> kept = new HashMap<>(durableNames);
        for (Path directory : directories) {
            boolean durable = true;
            for (NameChange change : nameChanges) {
                // A directory's changes become durable in their order.
                durable &= random.nextInt(4) > 0;
                if (durable && change.directory.equals(directory)) {
                    change.names.forEach((name, node) -> apply(kept, name, node));
                }
            }
        }
        kept.forEach((name, node) -> {
            Node survivor = new Node(node.survivor(random));
            disk.names.put(name, survivor);
            disk.durableNames.put(name, survivor);
        });
        return disk;
    }

    @Override
    public synchronized DiskFile open(Path file) throws IOException {
        return new OpenFile(file, node(file));
    }

    @Override
    public synchronized DiskFile create(Path file) throws IOException {
        Node node = new Node(new byte[0]);
        step("create", () -> change(file.resolveSibling(""), Map.of(file, node)));
        return new OpenFile(file, node);
    }

    @Override
    public synchronized boolean exists(Path file) {
        return names.containsKey(file) || directories.contains(file);
    }

    @Override
    public synchronized List<String> list(Path directory) {
        TreeSet<String> found = new TreeSet<>();
        for (Path path : names.keySet()) {
            if (path.resolveSibling("").equals(directory)) {
                found.add(String.valueOf(path.getFileName()));
            }
        }
        for (Path path : directories) {
            if (path.resolveSibling("").equals(directory)) {
                found.add(String.valueOf(path.getFileName()));
            }
        }
        return List.copyOf(found);
    }

    @Override
    public synchronized void makeDirectory(Path directory) throws IOException {
        step("makeDirectory", () -> directories.add(directory));
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        Node node = node(from);
        Map<Path, @Nullable Node> both = new HashMap<>();
        both.put(from, null);
        both.put(to, node);
        step("rename", () -> change(from.resolveSibling(""), both));
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        Map<Path, @Nullable Node> gone = new HashMap<>();
        gone.put(file, null);
        step("delete", () -> change(file.resolveSibling(""), gone));
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        step("forceDirectory", () -> {
            for (NameChange change : nameChanges) {
                if (change.directory.equals(directory)) {
                    change.names.forEach((name, node) -> apply(durableNames, name, node));
                }
            }
            nameChanges.removeIf(change -> change.directory.equals(directory));
        });
    }

    @Override
    public synchronized long freeBytes(Path directory) {
        return capacity - names.values().stream().mapToLong(Node::room).sum();
    }

    private void change(Path directory, Map<Path, @Nullable Node> change) {
        nameChanges.add(new NameChange(directory, change));
        change.forEach((name, node) -> apply(names, name, node));
    }

    private static void apply(Map<Path, Node> names, Path name, @Nullable Node node) {
        if (node == null) {
            names.remove(name);
        } else {
            names.put(name, node);
        }
    }

    private Node node(Path file) throws IOException {
        Node node = names.get(file);
        if (node == null) {
            throw new NoSuchFileException(file.toString());
        }
        return node;
    }

    /// One operation that changes something. That during which the power goes may have happened; what it was to
    /// make durable is not.
    private void step(String name, Runnable operation) throws IOException {
        operations++;
        if (operations == failAt || name.equals(failOnly)) {
            throw new IOException(name + " failed");
        }
        if (operations == cutAt && !name.startsWith("force")) {
            operation.run();
        }
        if (operations >= cutAt) {
            throw new IOException("no power");
        }
        operation.run();
    }

    /// What a file holds.
    private static final class Node {
        private final List<Change> changes = new ArrayList<>();
        private byte[] durable;
        private byte[] current;
        private long reserved;

        Node(byte[] bytes) {
            durable = bytes;
            current = bytes;
        }

        long room() {
            return Math.max(reserved, current.length);
        }

        void change(Change change) {
            changes.add(change);
            current = apply(current, change);
        }

        void force() {
            durable = current;
            changes.clear();
        }

        byte[] survivor(RandomGenerator random) {
            byte[] bytes = durable;
            int style = random.nextInt(4);
            for (Change change : changes) {
                boolean kept = switch (style) {
                    case 0 -> false;
                    case 1 -> true;
                    default -> random.nextBoolean();
                };
                if (kept) {
                    bytes = apply(bytes, random.nextInt(3) == 0 ? torn(change, random) : change);
                }
            }
            return bytes;
        }

        private static Change torn(Change change, RandomGenerator random) {
            return switch (change) {
                case Resize resize -> resize;
                case Write(int at, ByteBuffer bytes) -> {
                    int sectors = random.nextInt(bytes.remaining() / SECTOR + 1);
                    yield new Write(at, bytes.slice(0, sectors * SECTOR));
                }
            };
        }

        private static byte[] apply(byte[] bytes, Change change) {
            return switch (change) {
                case Resize(int size) -> Arrays.copyOf(bytes, size);
                case Write(int at, ByteBuffer written) -> {
                    byte[] after = Arrays.copyOf(bytes, Math.max(bytes.length, at + written.remaining()));
                    written.get(0, after, at, written.remaining());
                    yield after;
                }
            };
        }
    }

    private final class OpenFile implements DiskFile {
        private final Path path;
        private final Node node;

        OpenFile(Path path, Node node) {
            this.path = path;
            this.node = node;
        }

        @Override
        public void read(ByteBuffer out, long at) throws IOException {
            synchronized (FaultDisk.this) {
                if (at + out.remaining() > node.current.length) {
                    throw new EOFException(path + " ends");
                }
                out.put(node.current, (int) at, out.remaining());
            }
        }

        @Override
        public void write(ByteBuffer bytes, long at) throws IOException {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            synchronized (FaultDisk.this) {
                requireRoom(at + copy.length);
                step("write", () -> node.change(new Write((int) at, ByteBuffer.wrap(copy))));
            }
        }

        @Override
        public void allocate(long bytes, boolean keepSize) throws IOException {
            synchronized (FaultDisk.this) {
                requireRoom(bytes);
                step("allocate", () -> {
                    node.reserved = bytes;
                    if (!keepSize && bytes > node.current.length) {
                        node.change(new Resize((int) bytes));
                    }
                });
            }
        }

        @Override
        public boolean punch(long at, long bytes) throws IOException {
            synchronized (FaultDisk.this) {
                int length = (int) Math.min(bytes, node.current.length - at);
                step("punch", () -> node.change(new Write((int) at, ByteBuffer.allocate(length))));
                return true;
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (FaultDisk.this) {
                step("force", node::force);
            }
        }

        @Override
        public long size() {
            synchronized (FaultDisk.this) {
                return node.current.length;
            }
        }

        @Override
        public void truncate(long bytes) throws IOException {
            synchronized (FaultDisk.this) {
                step("truncate", () -> {
                    node.reserved = 0;
                    node.change(new Resize((int) bytes));
                });
            }
        }

        @Override
        public void close() {}

        private void requireRoom(long end) throws IOException {
            if (freeBytes(path) + node.room() < end) {
                throw new IOException("No space left on device");
            }
        }
    }
}
