package dev.muster.coordinator.disk;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.disk.DurableFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A directory with one file per record. A record that was put is there after any crash, whole; one that was not
/// acknowledged is there or not.
///
/// Callers see to it that one record is not put twice at the same time.
public final class RecordFiles<T> {
    public static final int BYTES_MAX = 2 << 20;

    private static final Logger LOG = System.getLogger(RecordFiles.class.getName());
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,79}");

    private final Path directory;
    private final Format<T> format;

    /// How a record is written.
    public interface Format<T> {
        byte[] encode(T entry);

        T decode(byte[] bytes) throws IOException;
    }

    /// A record that consists of fields after a magic and version 1.
    public interface Fields<T> {
        void write(T entry, ByteWriter out);

        T read(ByteReader in) throws IOException;
    }

    private RecordFiles(Path directory, Format<T> format) {
        this.directory = directory;
        this.format = format;
    }

    public static <T> RecordFiles<T> open(Path directory, Format<T> format) throws IOException {
        DurableFile.createDirectory(directory, true);
        return new RecordFiles<>(directory, format);
    }

    /// @param magic 8 characters
    public static <T> RecordFiles<T> open(Path directory, String magic, Fields<T> fields) throws IOException {
        return open(directory, new Format<T>() {
            @Override
            public byte[] encode(T entry) {
                ByteWriter out = new ByteWriter().magic(magic).u16(1);
                fields.write(entry, out);
                return out.toBytes();
            }

            @Override
            public T decode(byte[] bytes) throws IOException {
                ByteReader in = ByteReader.of(magic, bytes);
                in.magic(magic);
                int version = in.u16();
                if (version != 1) {
                    throw in.refuse("version 1", version);
                }
                T entry = fields.read(in);
                in.end();
                return entry;
            }
        });
    }

    /// Every record by its name. What a crash left half-written is removed.
    ///
    /// @throws Corrupt if a file is no such record; the message names the file
    public SortedMap<String, T> load() throws IOException {
        return load(damaged -> {
            throw damaged;
        });
    }

    /// The same of records that can be done without: a file that is none is passed over and said so.
    public SortedMap<String, T> loadReadable() throws IOException {
        return load(damaged -> LOG.log(Level.WARNING, "record passed over: {0}", damaged.getMessage()));
    }

    /// What becomes of a file that is no record.
    private interface Damage {
        void met(Corrupt damaged) throws Corrupt;
    }

    private SortedMap<String, T> load(Damage damage) throws IOException {
        SortedMap<String, T> entries = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (DurableFile.isPartial(file)) {
                    Files.delete(file);
                    continue;
                }
                try {
                    entries.put(String.valueOf(file.getFileName()), format.decode(DurableFile.read(file, BYTES_MAX)));
                } catch (Corrupt | Refused | IllegalArgumentException e) {
                    damage.met(new Corrupt(file + ": " + e.getMessage(), e));
                }
            }
        }
        return entries;
    }

    /// Returns when the record is on the disk.
    public void put(String name, T entry) throws IOException {
        try {
            DurableFile.writeSecret(file(name), format.encode(entry));
        } catch (IOException e) {
            throw new StoreRefused(file(name) + ": expected to write it, found " + e.getMessage(), e);
        }
    }

    public void remove(String name) throws IOException {
        DurableFile.delete(file(name));
    }

    private Path file(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of a record: " + name);
        }
        return directory.resolve(name);
    }
}
