package dev.muster.coordinator.history;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.net.AuditEntry;
import dev.muster.protocol.trust.document.Names;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Everything that people have ordered, and what became of it: a file that only grows, each entry on the disk before
/// what
/// it says is done. Safe for threads.
///
/// ```
/// HOME/audit/log    { u32 length | entry (see AuditEntry) }*
/// ```
/// What a crash cut off at the end is dropped; anything else that is not a chain is refused.
public final class AuditLog implements Closeable {
    private final FileChannel file;
    private final InstantSource clock;
    private final List<Long> places = new ArrayList<>();
    private long number;
    private Hash newest = AuditEntry.NONE;

    private AuditLog(FileChannel file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /// Reads all of it, and checks the chain.
    public static AuditLog open(Path directory, InstantSource clock) throws IOException {
        DurableFile.createDirectory(directory, true);
        FileChannel file = FileChannel.open(
                directory.resolve("log"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        AuditLog log = new AuditLog(file, clock);
        try {
            log.load();
            return log;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private void load() throws IOException {
        long at = 0;
        while (at < file.size()) {
            byte[] entry = read(at);
            if (entry.length == 0) {
                file.truncate(at);
                break;
            }
            take(AuditEntry.decode(entry), at);
            at += Integer.BYTES + entry.length;
        }
        file.position(at);
    }

    private void take(AuditEntry entry, long at) throws Corrupt {
        AuditEntry.checkFollows(number, newest, entry);
        places.add(at);
        number = entry.number();
        newest = entry.hash();
    }

    /// The bytes of the entry there, or none if they do not all lie there.
    private byte[] read(long at) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(Integer.BYTES);
        if (!fill(head, at)) {
            return new byte[0];
        }
        int length = ByteReader.of("audit log", head.array()).u32(AuditEntry.BYTES_MAX);
        ByteBuffer entry = ByteBuffer.allocate(length);
        return fill(entry, at + Integer.BYTES) ? entry.array() : new byte[0];
    }

    private boolean fill(ByteBuffer into, long at) throws IOException {
        while (into.hasRemaining()) {
            if (file.read(into, at + into.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    /// Returns when it is on the disk.
    public synchronized void append(String who, String what, String outcome) throws IOException {
        AuditEntry entry = new AuditEntry(
                number + 1,
                clock.millis(),
                Names.printable(who, AuditEntry.TEXT_BYTES_MAX),
                Names.printable(what, AuditEntry.TEXT_BYTES_MAX),
                Names.printable(outcome, AuditEntry.TEXT_BYTES_MAX),
                newest);
        long at = file.position();
        ByteBuffer bytes =
                ByteBuffer.wrap(new ByteWriter(1024).blob(entry.encode()).toBytes());
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(false);
        } catch (IOException e) {
            file.truncate(at);
            throw new StoreRefused(
                    "audit log: expected to write entry " + entry.number() + ", found " + e.getMessage(), e);
        }
        take(entry, at);
    }

    /// Entries after that number, oldest first, and no more than a page of them.
    public synchronized List<AuditEntry> after(long after) throws IOException {
        List<AuditEntry> page = new ArrayList<>();
        for (long next = after; next < number && page.size() < AuditEntry.PAGE_MAX; next++) {
            page.add(AuditEntry.decode(read(places.get((int) next))));
        }
        return page;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
