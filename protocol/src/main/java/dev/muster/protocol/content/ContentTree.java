package dev.muster.protocol.content;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/// Computes a [ContentId] from block hashes given in image order. Runs of zero blocks cost the logarithm of their
/// length, so a sparse terabyte is cheap. Not for several threads.
public final class ContentTree {
    private static final byte[] DOMAIN = {'M', 'I', '1'};
    private static final int HEIGHT_MAX = 37;

    private final MessageDigest digest = Hash.sha256();
    private final List<Hash> zeroSubtrees = new ArrayList<>();
    private final Hash[] pending = new Hash[HEIGHT_MAX];
    private long leaves;

    public ContentTree() {
        zeroSubtrees.add(leaf(Block.ZERO));
        for (int height = 1; height < HEIGHT_MAX; height++) {
            Hash below = zeroSubtrees.get(height - 1);
            zeroSubtrees.add(node(below, below));
        }
    }

    /// The next block of the image.
    public void add(Hash block) {
        push(block.equals(Block.ZERO) ? zeroSubtrees.get(0) : leaf(block), 0);
    }

    /// The next `blocks` blocks of the image are zero.
    public void addZeros(long blocks) {
        long left = blocks;
        while (left > 0) {
            int aligned = leaves == 0 ? HEIGHT_MAX - 1 : Long.numberOfTrailingZeros(leaves);
            int height = Math.min(aligned, 63 - Long.numberOfLeadingZeros(left));
            push(zeroSubtrees.get(height), height);
            left -= 1L << height;
        }
    }

    /// The id of an image of `length` bytes of which every block was added.
    public ContentId id(long length) {
        if (leaves != Block.count(length) || leaves == 0) {
            throw new IllegalStateException(leaves + " blocks were added for an image of " + length + " bytes");
        }
        int height = leaves == 1 ? 0 : 64 - Long.numberOfLeadingZeros(leaves - 1);
        addZeros((1L << height) - leaves);
        byte[] size = new byte[8];
        for (int i = 0; i < 8; i++) {
            size[i] = (byte) (length >> (8 * i));
        }
        return new ContentId(Hash.of(DOMAIN, size, pending[height].toBytes()));
    }

    /// A whole subtree of `2^height` leaves comes next; two of one height become one above, as a binary counter
    /// carries.
    private void push(Hash subtree, int height) {
        Hash carry = subtree;
        int at = height;
        while ((leaves >>> at & 1) == 1) {
            carry = node(pending[at], carry);
            at++;
        }
        pending[at] = carry;
        leaves += 1L << height;
    }

    private Hash leaf(Hash block) {
        digest.update((byte) 0);
        digest.update(block.toBytes());
        return Hash.ofBytes(digest.digest());
    }

    private Hash node(Hash left, Hash right) {
        digest.update((byte) 1);
        digest.update(left.toBytes());
        digest.update(right.toBytes());
        return Hash.ofBytes(digest.digest());
    }
}
