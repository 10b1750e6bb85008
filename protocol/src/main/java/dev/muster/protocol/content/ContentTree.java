package dev.muster.protocol.content;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/// Computes a [ContentId] from block hashes given in image order. Runs of zero blocks cost the logarithm of
/// their length, so a sparse terabyte is cheap. Not for several threads; but parts of one image may be
/// computed apart, each by a tree that begins in the middle, and added to the whole in order.
public final class ContentTree {
    private static final byte[] DOMAIN = {'M', 'I', '1'};
    private static final int HEIGHT_MAX = 37;
    private static final List<Hash> ZERO_SUBTREES = zeroSubtrees();

    private final MessageDigest digest = Hash.sha256();
    private final byte[] input = new byte[1 + 2 * Hash.BYTES];
    private final long firstBlock;
    /// What is whole and cannot grow further here, because what belongs beside it lies before the first block.
    private final List<Subtree> whole = new ArrayList<>();

    private final Hash[] pending = new Hash[HEIGHT_MAX];
    /// Blocks from the image's start on.
    private long blocks;

    /// The tree of an image.
    public ContentTree() {
        this(0);
    }

    /// A part of the tree of an image, see [#add(ContentTree)].
    ///
    /// @param firstBlock the block of the image that is added first
    public ContentTree(long firstBlock) {
        this.firstBlock = firstBlock;
        this.blocks = firstBlock;
    }

    private record Subtree(Hash root, int height) {}

    /// The next block of the image.
    public void add(Hash block) {
        push(block.equals(Block.ZERO) ? ZERO_SUBTREES.getFirst() : leaf(block), 0);
    }

    /// The next `count` blocks of the image are zero.
    public void addZeros(long count) {
        long left = count;
        while (left > 0) {
            int aligned = blocks == 0 ? HEIGHT_MAX - 1 : Long.numberOfTrailingZeros(blocks);
            int height = Math.min(aligned, 63 - Long.numberOfLeadingZeros(left));
            push(ZERO_SUBTREES.get(height), height);
            left -= 1L << height;
        }
    }

    /// The next blocks of the image are those that were added to another tree, which began with the one that
    /// is next here.
    public void add(ContentTree part) {
        if (part.firstBlock != blocks) {
            throw new IllegalArgumentException("block " + blocks + " is next, not " + part.firstBlock);
        }
        part.whole.forEach(subtree -> push(subtree.root, subtree.height));
        // What a part still has is as large as the bits of where it ends, the largest first.
        for (int height = HEIGHT_MAX - 1; height >= 0; height--) {
            if (part.isPending(height)) {
                push(part.pending[height], height);
            }
        }
    }

    /// The id of an image of `length` bytes of which every block was added.
    public ContentId id(long length) {
        if (firstBlock != 0 || blocks != Block.count(length) || blocks == 0) {
            throw new IllegalStateException(
                    blocks + " blocks from " + firstBlock + " on were added for an image of " + length + " bytes");
        }
        int height = blocks == 1 ? 0 : 64 - Long.numberOfLeadingZeros(blocks - 1);
        addZeros((1L << height) - blocks);
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
        while (isPending(at)) {
            carry = node(pending[at], carry);
            at++;
        }
        if ((blocks >>> at & 1) == 1) {
            whole.add(new Subtree(carry, at));
        } else {
            pending[at] = carry;
        }
        blocks += 1L << height;
    }

    /// Whether a subtree of that height waits for the one beside it.
    private boolean isPending(int height) {
        long subtrees = blocks >>> height;
        return (subtrees & 1) == 1 && ((subtrees - 1) << height) >= firstBlock;
    }

    private Hash leaf(Hash block) {
        ByteBuffer in = ByteBuffer.wrap(input).put((byte) 0);
        block.put(in);
        return digest(in);
    }

    private Hash node(Hash left, Hash right) {
        ByteBuffer in = ByteBuffer.wrap(input).put((byte) 1);
        left.put(in);
        right.put(in);
        return digest(in);
    }

    private Hash digest(ByteBuffer in) {
        digest.update(input, 0, in.position());
        return Hash.ofBytes(digest.digest());
    }

    private static List<Hash> zeroSubtrees() {
        List<Hash> subtrees = new ArrayList<>();
        subtrees.add(Hash.of(new byte[] {0}, Block.ZERO.toBytes()));
        for (int height = 1; height < HEIGHT_MAX; height++) {
            byte[] below = subtrees.getLast().toBytes();
            subtrees.add(Hash.of(new byte[] {1}, below, below));
        }
        return List.copyOf(subtrees);
    }
}
