package dev.muster.chunkstore.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A disk in memory that fails as real ones do: it fills up, an operation of it fails, or its power is cut. Then it
/// forgets, by chance, what was not forced: some writes and not others, half of one, names given and taken.
///
/// Operations that change something are counted, so that a test can let the same run fail at each of them in turn.
public final class FaultDisk implements Disk {
    private final TreeMap<Path, Node> names = new TreeMap<>();
    private final Map<Path, Node> durableNames = new HashMap<>();
    private final List<NameChange> nameChanges = new ArrayList<>();
    private final TreeSet<Path> directories = new TreeSet<>();

    /// Files that have no name any more and are open still.
    private final List<Node> unlinked = new ArrayList<>();

    private final long capacity;
    private final Map<String, Integer> counts = new TreeMap<>();
    private int operations;
    private int cutAt = Integer.MAX_VALUE;
    private int failAt = Integer.MAX_VALUE;
    private @Nullable String failOnly;
    private boolean punches = true;

    public FaultDisk(long capacity) {
        this.capacity = capacity;
    }

    /// A change of a directory that is not durable yet; without a node, a name is taken away.
    private record NameChange(Path directory, Map<Path, @Nullable Node> names) {}

    /// How many operations of each name there were.
    public synchronized Map<String, Integer> counts() {
        return Map.copyOf(counts);
    }

    /// How many operations there were.
    public synchronized int operations() {
        return operations;
    }

    /// A disk that holds the same, all of it durable.
    public synchronized FaultDisk copy() {
        FaultDisk copy = new FaultDisk(capacity);
        copy.punches = punches;
        copy.directories.addAll(directories);
        names.forEach((name, node) -> {
            Node same = new Node(node.current.copy());
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

    /// The medium has lost a byte: reading it fails until it is written once more.
    public synchronized void lose(Path file, long at) throws IOException {
        node(file).lost.add(at);
    }

    /// No file of it can be punched.
    public synchronized FaultDisk withoutPunching() {
        punches = false;
        return this;
    }

    public synchronized boolean punches() {
        return punches;
    }

    /// The disk as it is found when the power is back.
    public synchronized FaultDisk afterPowerCut(RandomGenerator random) {
        FaultDisk disk = new FaultDisk(capacity);
        disk.punches = punches;
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
        Node node = new Node(new FileBytes());
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
        Node node = node(file);
        Map<Path, @Nullable Node> gone = new HashMap<>();
        gone.put(file, null);
        step("delete", () -> {
            change(file.resolveSibling(""), gone);
            if (node.opened > 0) {
                unlinked.add(node);
            }
        });
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
        return capacity
                - Stream.concat(names.values().stream(), unlinked.stream())
                        .mapToLong(node -> node.current.allocated())
                        .sum();
    }

    /// What the files in a directory take.
    public synchronized long allocated(Path directory) {
        return names.entrySet().stream()
                .filter(each -> each.getKey().resolveSibling("").equals(directory))
                .mapToLong(each -> each.getValue().current.allocated())
                .sum();
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

    /// Fails as this host's file systems do when they are full.
    private static void writeToFullDevice() throws IOException {
        try (FileChannel full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
            full.write(ByteBuffer.allocate(1));
        }
    }

    /// One operation that changes something. That during which the power goes may have happened; what it was to
    /// make durable is not.
    private void step(String name, Runnable operation) throws IOException {
        operations++;
        counts.merge(name, 1, Integer::sum);
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
        private final List<FileChange> changes = new ArrayList<>();
        private final FileBytes durable;
        private final FileBytes current;
        private final TreeSet<Long> lost = new TreeSet<>();
        private int opened;

        Node(FileBytes bytes) {
            durable = bytes;
            current = bytes.copy();
        }

        void change(FileChange change) {
            changes.add(change);
            current.apply(change);
        }

        void force() {
            changes.forEach(durable::apply);
            changes.clear();
        }

        FileBytes survivor(RandomGenerator random) {
            FileBytes bytes = durable.copy();
            int style = random.nextInt(4);
            for (FileChange change : changes) {
                boolean kept = switch (style) {
                    case 0 -> false;
                    case 1 -> true;
                    default -> random.nextBoolean();
                };
                if (kept) {
                    bytes.apply(random.nextInt(3) == 0 ? change.torn(random) : change);
                }
            }
            return bytes;
        }
    }

    private final class OpenFile implements DiskFile {
        private final Path path;
        private final Node node;
        private boolean closed;

        OpenFile(Path path, Node node) {
            this.path = path;
            this.node = node;
            node.opened++;
        }

        @Override
        public boolean isAt(Path name) {
            synchronized (FaultDisk.this) {
                return names.get(name) == node;
            }
        }

        @Override
        public void read(ByteBuffer out, long at) throws IOException {
            synchronized (FaultDisk.this) {
                requireOpen();
                if (at + out.remaining() > node.current.size()) {
                    throw new EOFException(path + " ends");
                }
                if (!node.lost.subSet(at, at + out.remaining()).isEmpty()) {
                    throw new IOException("Input/output error");
                }
                node.current.read(out, at);
            }
        }

        @Override
        public void write(ByteBuffer bytes, long at) throws IOException {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            change("write", new FileChange.Write(at, ByteBuffer.wrap(copy)));
            synchronized (FaultDisk.this) {
                node.lost.subSet(at, at + copy.length).clear();
            }
        }

        @Override
        public void allocate(long bytes, boolean keepSize) throws IOException {
            change("allocate", new FileChange.Allocate(bytes, keepSize));
        }

        @Override
        public boolean punch(long at, long bytes) throws IOException {
            if (!punches) {
                return false;
            }
            change("punch", new FileChange.Punch(at, bytes));
            return true;
        }

        @Override
        public void force() throws IOException {
            synchronized (FaultDisk.this) {
                requireOpen();
                step("force", node::force);
            }
        }

        @Override
        public long size() {
            synchronized (FaultDisk.this) {
                return node.current.size();
            }
        }

        @Override
        public void truncate(long bytes) throws IOException {
            change("truncate", new FileChange.Resize(bytes));
        }

        @Override
        public void close() {
            synchronized (FaultDisk.this) {
                if (!closed) {
                    closed = true;
                    node.opened--;
                    unlinked.removeIf(each -> each.opened == 0);
                }
            }
        }

        private void change(String name, FileChange change) throws IOException {
            synchronized (FaultDisk.this) {
                requireOpen();
                if (freeBytes(path) < node.current.room(change)) {
                    writeToFullDevice();
                }
                step(name, () -> node.change(change));
            }
        }

        private void requireOpen() throws ClosedChannelException {
            if (closed) {
                throw new ClosedChannelException();
            }
        }
    }
}
