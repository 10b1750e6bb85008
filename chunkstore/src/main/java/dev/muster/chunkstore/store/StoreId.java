package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.nio.ByteBuffer;
import java.util.UUID;

/// What tells one store from another, wherever it is mounted; every file of it that could be mistaken says it.
record StoreId(UUID uuid) {
    static final int FILE_BYTES = 32;
    private static final String MAGIC = "MSTRSTOR";
    private static final int BYTES = 16;

    static StoreId random() {
        return new StoreId(UUID.randomUUID());
    }

    /// The `identity` file of a store.
    byte[] encode() {
        ByteWriter out = new ByteWriter(FILE_BYTES).magic(MAGIC).u16(1).u16(0);
        write(out);
        return Checksum.append(out);
    }

    static StoreId decode(byte[] file) throws Corrupt {
        ByteReader in = Checksum.check("store identity", ByteBuffer.wrap(file));
        Checksum.header(in, MAGIC);
        StoreId id = read(in);
        in.end();
        return id;
    }

    void write(ByteWriter out) {
        out.bytes(ByteBuffer.allocate(BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array());
    }

    static StoreId read(ByteReader in) throws Corrupt {
        ByteBuffer bytes = ByteBuffer.wrap(in.bytes(BYTES));
        return new StoreId(new UUID(bytes.getLong(), bytes.getLong()));
    }

    /// The next 16 bytes must be this id.
    void expect(ByteReader in) throws Corrupt {
        StoreId found = read(in);
        if (!found.equals(this)) {
            throw in.refuse("store " + this, "store " + found);
        }
    }

    @Override
    public String toString() {
        return uuid.toString();
    }
}
