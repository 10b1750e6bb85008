package dev.muster.bench.store;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.AssembleReport;
import dev.muster.chunkstore.assemble.Assembler;
import dev.muster.chunkstore.assemble.Target;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.pack.Hooks;
import dev.muster.chunkstore.pack.Packed;
import dev.muster.chunkstore.pack.Packer;
import dev.muster.chunkstore.pack.Parent;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.store.StoreSettings;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// One thing done to a store in a process of its own, which prints what it measured as `key=value`:
///
/// ```
/// pack IMAGE STORE                  packs and installs; finds parents in the store by itself
/// restore STORE MANIFEST TARGET     writes a new file
/// convert STORE MANIFEST TARGET     writes what is wrong of a file that is there
/// ```
public final class Step {
    private static final int CHUNKS_AT_ONCE = 8;

    private Step() {}

    /// @param args as above
    public static void main(String[] args) throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads);
                FrameCodec codec = new FrameCodec()) {
            switch (args[0]) {
                case "pack" -> pack(args, codec, pool, threads);
                case "restore" -> restore(args, codec, pool, Target.Mode.REPLACE);
                case "convert" -> restore(args, codec, pool, Target.Mode.IN_PLACE);
                default -> throw new IllegalArgumentException("expected pack, restore or convert, found " + args[0]);
            }
        }
        say("cpu", (double) cpuNanos() / 1e9);
        say("rss", residentBytesMax());
    }

    private static void pack(String[] args, FrameCodec codec, ExecutorService pool, int threads) throws IOException {
        try (SegmentStore store = open(Path.of(args[2]), codec);
                DiskImage image = DiskImage.open(Path.of(args[1]))) {
            long start = System.nanoTime();
            long cpu = cpuNanos();
            List<Parent> parents = new ArrayList<>();
            Set<ChunkEntry> known = new HashSet<>();
            for (ManifestId id : store.likely(Hooks.sample(image), ManifestHead.PARENTS_MAX)) {
                Manifest parent = store.manifest(id);
                parents.add(new Parent(parent, store));
                known.addAll(parent.chunks());
            }
            Packed packed = new Packer(codec, pool, threads, Progress.NONE).pack(image, parents, store);
            for (byte[] page : packed.encoded().pages().values()) {
                store.putPage(page);
            }
            store.putHead(packed.manifest().head().encode());
            store.install(packed.manifest());
            say("work", (System.nanoTime() - start) / 1e9);
            say("workCpu", (cpuNanos() - cpu) / 1e9);
            say("manifest", packed.manifest().id());
            say("newBytes", packed.newBytes());
            say("newChunks", packed.newChunks());
            say(
                    "delta",
                    packed.manifest().chunks().stream()
                            .filter(chunk -> !known.contains(chunk))
                            .mapToLong(ChunkEntry::wireBytes)
                            .sum());
        }
    }

    private static void restore(String[] args, FrameCodec codec, ExecutorService pool, Target.Mode mode)
            throws IOException {
        try (SegmentStore store = open(Path.of(args[1]), codec)) {
            Manifest manifest = store.manifest(ManifestId.parse(args[2]));
            long start = System.nanoTime();
            long cpu = cpuNanos();
            Assembler assembler = new Assembler(codec, pool, CHUNKS_AT_ONCE);
            try (Target target = Target.open(Path.of(args[3]), manifest.shape().length(), mode)) {
                AssembleReport report = assembler.run(
                        assembler.plan(manifest, store, target, Progress.NONE), store, target, Progress.NONE);
                say("work", (System.nanoTime() - start) / 1e9);
                say("workCpu", (cpuNanos() - cpu) / 1e9);
                say("written", report.writtenBytes());
                say("kept", report.keptBytes());
            }
        }
    }

    private static SegmentStore open(Path root, FrameCodec codec) throws IOException {
        return SegmentStore.open(root, root.resolveSibling("run"), StoreSettings.defaults(), codec);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /// `VmHWM` of proc_pid_status(5), in bytes.
    private static long residentBytesMax() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(kib -> Long.parseLong(kib) << 10)
                .findFirst()
                .orElse(0);
    }

    private static void say(String key, Object value) {
        System.out.println(key + "=" + value);
    }
}
