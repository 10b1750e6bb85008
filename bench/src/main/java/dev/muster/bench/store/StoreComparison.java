package dev.muster.bench.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.muster.bench.image.FileTree;
import dev.muster.bench.image.HostProgram;
import dev.muster.bench.image.ImageBlocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The program: see this package's documentation.
public final class StoreComparison {
    private static final long SPARSE_BYTES = 64L << 30;
    private static final List<String> JAVA_OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseCompactObjectHeaders",
            "-Djava.util.logging.config.file=/dev/null");

    /// As `ops/muster publish` has them.
    private static final List<String> PACK_OPTIONS = List.of("-XX:+UseSerialGC", "-Xmn48m");

    private final Path directory;
    private final Samples samples = new Samples();
    private final boolean casync = HostProgram.exists("casync");
    private final boolean qemu = HostProgram.exists("qemu-img");

    private StoreComparison(Path directory) {
        this.directory = directory;
    }

    /// @param args `--directory DIR`, on tmpfs; `--runs N`; `--mib N`, how long an image is; `--json FILE`
    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> options = options(args);
        Path base = Path.of(options.getOrDefault("directory", "/dev/shm"));
        int runs = Integer.parseInt(options.getOrDefault("runs", "5"));
        long bytes = Long.parseLong(options.getOrDefault("mib", "1024")) << 20;
        Path directory = Files.createTempDirectory(base, "muster-compare-");
        try {
            StoreComparison comparison = new StoreComparison(directory);
            Map<String, Object> result = comparison.run(runs, bytes);
            if (options.containsKey("json")) {
                ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
                mapper.writeValue(Path.of(options.get("json")).toFile(), result);
            }
        } finally {
            FileTree.delete(directory);
        }
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].replaceFirst("^--", ""), args[i + 1]);
        }
        if (args.length % 2 != 0 || !Set.of("directory", "runs", "mib", "json").containsAll(options.keySet())) {
            throw new IllegalArgumentException("expected --directory DIR --runs N --mib N --json FILE");
        }
        return options;
    }

    private Map<String, Object> run(int runs, long bytes) throws IOException, InterruptedException {
        Images images = Images.make(directory, bytes);
        ImageBlocks first = ImageBlocks.of(images.first());
        long data = first.bytes();
        long inPlace = ImageBlocks.of(images.inPlace()).changedBytes(first);
        long rebuilt = ImageBlocks.of(images.rebuilt()).changedBytes(first);
        for (int run = 1; run <= runs; run++) {
            System.out.println("run " + run + " of " + runs);
            ours(images);
            peers(images);
        }
        sparse(images.first());
        Report report = new Report(samples, data, inPlace, rebuilt);
        report.lines().forEach(System.out::println);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("environment", Environment.describe());
        result.put(
                "images", Map.of("length", bytes, "data", data, "changedInPlace", inPlace, "changedRebuilt", rebuilt));
        result.put("medians", report.figures());
        result.put("runs", samples.all());
        return result;
    }

    private void ours(Images images) throws IOException, InterruptedException {
        Path store = directory.resolve("store");
        Path target = directory.resolve("target.raw");
        String first = manifest(step("publish-all-new", "pack", images.first(), store));
        step("publish-nothing-new", "pack", images.first(), store);
        String inPlace = manifest(step("publish-inplace", "pack", images.inPlace(), store));
        step("restore", "restore", store, first, target);
        requireSame(images.first(), target);
        step("convert", "convert", store, inPlace, target);
        requireSame(images.inPlace(), target);
        FileTree.delete(store);
        Files.delete(target);
        // In a store of its own: with the other image there, it would be the better parent.
        step("publish-v1-again", "pack", images.first(), store);
        step("publish-rebuilt", "pack", images.rebuilt(), store);
        FileTree.delete(store);
    }

    private void peers(Images images) throws IOException, InterruptedException {
        Path target = directory.resolve("peer.raw");
        if (casync) {
            Path store = directory.resolve("store.castr");
            casyncMake("casync.make-v1", images.first(), store);
            long before = sizes(store);
            casyncMake("casync.make-inplace", images.inPlace(), store);
            long between = sizes(store);
            samples.add("casync.delta-inplace", (double) (between - before));
            samples.add(
                    "casync.extract.wall",
                    HostProgram.run(
                            directory,
                            "casync",
                            "extract",
                            "--store=" + store,
                            directory.resolve("v1.raw.caibx").toString(),
                            target.toString()));
            requireSame(images.first(), target);
            FileTree.delete(store);
            Files.delete(target);
            casyncMake("casync.make-v1-again", images.first(), store);
            long again = sizes(store);
            casyncMake("casync.make-rebuilt", images.rebuilt(), store);
            samples.add("casync.delta-rebuilt", (double) (sizes(store) - again));
            FileTree.delete(store);
        }
        if (qemu) {
            samples.add(
                    "qemu-img.convert.wall",
                    HostProgram.run(
                            directory,
                            "qemu-img",
                            "convert",
                            "-f",
                            "raw",
                            "-O",
                            "raw",
                            images.first().toString(),
                            target.toString()));
            Files.delete(target);
        }
    }

    private void casyncMake(String name, Path image, Path store) throws IOException, InterruptedException {
        Path index = directory.resolve(image.getFileName() + ".caibx");
        samples.add(
                name + ".wall",
                HostProgram.run(directory, "casync", "make", "--store=" + store, index.toString(), image.toString()));
    }

    /// An image of 64 GiB that holds no more than the first one.
    private void sparse(Path image) throws IOException, InterruptedException {
        Path sparse = Images.spread(image, directory.resolve("sparse.raw"), SPARSE_BYTES);
        step("publish-sparse-64GiB", "pack", sparse, directory.resolve("store"));
        FileTree.delete(directory.resolve("store"));
        Files.delete(sparse);
    }

    /// One process of ours; what it says comes under its name.
    private Map<String, String> step(String name, Object... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JAVA_OPTIONS);
        command.addAll(args[0].equals("pack") ? PACK_OPTIONS : List.of());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Step.class.getName()));
        for (Object arg : args) {
            command.add(arg.toString());
        }
        samples.add(name + ".wall", HostProgram.run(directory, command.toArray(String[]::new)));
        Map<String, String> said = new LinkedHashMap<>();
        for (String line : Files.readAllLines(directory.resolve("tool.log"))) {
            String[] parts = line.split("=", 2);
            if (parts.length == 2 && parts[1].matches("[0-9.E]+")) {
                samples.add(name + "." + parts[0], Double.parseDouble(parts[1]));
            }
            said.put(parts[0], parts[parts.length - 1]);
        }
        return said;
    }

    private static String manifest(Map<String, String> said) throws IOException {
        String manifest = said.get("manifest");
        if (manifest == null) {
            throw new IOException("expected the process to name a manifest, found " + said);
        }
        return manifest;
    }

    private static void requireSame(Path expected, Path found) throws IOException {
        long at = Files.mismatch(expected, found);
        if (at >= 0) {
            throw new IOException(found + ": expected the bytes of " + expected + ", found others at " + at);
        }
    }

    private static long sizes(Path store) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(store)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
