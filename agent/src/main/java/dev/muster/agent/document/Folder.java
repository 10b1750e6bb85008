package dev.muster.agent.document;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.trust.document.Beliefs;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Numbers;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The files of [Documents]; the layout is in this package's documentation.
final class Folder {
    private static final Logger LOG = System.getLogger(Folder.class.getName());

    private final Path directory;
    private final NumbersFile numbers;

    private Folder(Path directory) {
        this.directory = directory;
        this.numbers = new NumbersFile(directory.resolve("numbers"));
    }

    /// What lies in a directory of its own.
    private enum Kind {
        ROOT,
        RELEASE,
        PIN,
        FRESHNESS,
        REVOCATIONS,
        LOCAL;

        String directory() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Folder open(Path directory) throws IOException {
        for (Kind kind : Kind.values()) {
            DurableFile.createDirectory(directory.resolve(kind.directory()), false);
        }
        return new Folder(directory);
    }

    /// What was kept; what is no envelope is passed over and said so.
    Beliefs.Kept kept() throws IOException {
        return new Beliefs.Kept(read(Kind.RELEASE), read(Kind.PIN), read(Kind.FRESHNESS), read(Kind.REVOCATIONS));
    }

    Numbers numbers() throws IOException {
        return numbers.read();
    }

    /// Makes the files say what `next` says and `before` did not, so that a crash at any moment leaves what verifies:
    /// new documents first, since each says its own number, while a number without its document would keep that out
    /// for good; then the numbers; and what is not kept any more last, since until then nothing else says that its
    /// number was used.
    void replace(Beliefs before, Beliefs next) throws IOException {
        writeRoots(before.roots(), next.roots());
        Map<Kind, Map<Hash, Signed<?>>> old = documents(before);
        Map<Kind, Map<Hash, Signed<?>>> fresh = documents(next);
        for (Kind kind : fresh.keySet()) {
            for (Signed<?> document : without(fresh, old, kind)) {
                DurableFile.write(file(kind, document.hash().hex()), document.envelope().encode());
            }
        }
        numbers.write(next.numbers());
        for (Kind kind : fresh.keySet()) {
            for (Signed<?> document : without(old, fresh, kind)) {
                DurableFile.delete(file(kind, document.hash().hex()));
            }
        }
    }

    private static List<Signed<?>> without(
            Map<Kind, Map<Hash, Signed<?>>> these, Map<Kind, Map<Hash, Signed<?>>> those, Kind kind) {
        Set<Hash> known = those.getOrDefault(kind, Map.of()).keySet();
        List<Signed<?>> rest = new ArrayList<>();
        these.getOrDefault(kind, Map.of()).forEach((hash, document) -> {
            if (!known.contains(hash)) {
                rest.add(document);
            }
        });
        return rest;
    }

    /// Removes what a crash left behind of documents that are kept no more.
    void clean(Beliefs beliefs) throws IOException {
        Map<Kind, Map<Hash, Signed<?>>> kept = documents(beliefs);
        for (Kind kind : List.of(Kind.PIN, Kind.FRESHNESS, Kind.REVOCATIONS)) {
            for (Path file : list(kind)) {
                if (kept.getOrDefault(kind, Map.of()).keySet().stream()
                        .noneMatch(hash -> file.endsWith(hash.hex()))) {
                    DurableFile.delete(file);
                }
            }
        }
    }

    /// By name, the release that was pinned on this host itself.
    Map<String, Hash> local() throws IOException {
        Map<String, Hash> local = new HashMap<>();
        for (Path file : list(Kind.LOCAL)) {
            try {
                Hash release = Hash.ofBytes(DurableFile.read(file, Hash.BYTES));
                local.put(String.valueOf(file.getFileName()), release);
            } catch (Corrupt | IllegalArgumentException e) {
                LOG.log(Level.WARNING, "local pin unreadable: file={0} cause={1}", file, e.getMessage());
            }
        }
        return local;
    }

    void pinLocally(String name, Hash release) throws IOException {
        DurableFile.write(file(Kind.LOCAL, name), release.toBytes());
    }

    void unpinLocally(String name) throws IOException {
        DurableFile.delete(file(Kind.LOCAL, name));
    }

    private void writeRoots(RootChain before, RootChain next) throws IOException {
        List<Signed<Root>> roots = next.roots();
        for (int i = before.roots().size(); i < roots.size(); i++) {
            String number = String.format(Locale.ROOT, "%04d", i);
            DurableFile.write(file(Kind.ROOT, number), roots.get(i).envelope().encode());
        }
    }

    /// What lies in files that are called by its hash.
    private static Map<Kind, Map<Hash, Signed<?>>> documents(Beliefs beliefs) {
        Map<Kind, Map<Hash, Signed<?>>> documents = new EnumMap<>(Kind.class);
        documents.put(Kind.RELEASE, Collections.unmodifiableMap(beliefs.releases()));
        documents.put(Kind.PIN, byHash(beliefs.pins()));
        documents.put(Kind.FRESHNESS, byHash(beliefs.freshness()));
        documents.put(Kind.REVOCATIONS, byHash(beliefs.revocations().stream().toList()));
        return documents;
    }

    private static Map<Hash, Signed<?>> byHash(Collection<? extends Signed<?>> documents) {
        Map<Hash, Signed<?>> byHash = new HashMap<>();
        documents.forEach(document -> byHash.put(document.hash(), document));
        return byHash;
    }

    private List<Envelope> read(Kind kind) throws IOException {
        List<Envelope> envelopes = new ArrayList<>();
        for (Path file : list(kind)) {
            try {
                envelopes.add(Envelope.decode(DurableFile.read(file, Envelope.BYTES_MAX)));
            } catch (Refused | Corrupt e) {
                LOG.log(Level.WARNING, "kept document unreadable: file={0} cause={1}", file, e.getMessage());
            }
        }
        return envelopes;
    }

    private List<Path> list(Kind kind) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory.resolve(kind.directory()))) {
            for (Path file : files.sorted().toList()) {
                if (DurableFile.isPartial(file)) {
                    DurableFile.delete(file);
                } else {
                    found.add(file);
                }
            }
        }
        return found;
    }

    private Path file(Kind kind, String name) {
        return directory.resolve(kind.directory()).resolve(name);
    }
}
