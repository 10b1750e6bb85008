package dev.muster.chunkstore.volume;

import dev.muster.protocol.content.Extent;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;
import java.util.function.IntConsumer;

/// In which order the blocks of a target are overwritten, so that as few as possible have to be stashed. For
/// one thread.
///
/// A block whose content the new image has elsewhere waits until that place is written and durable: so chains
/// of moves are worked off from their ends, many at once, in windows that are forced one after the other.
/// Where too little is free of that, a chain is followed within one window, and the contents that the window
/// overwrites are stashed before it is begun; a cycle is cut in the same way.
final class Schedule {
    private final Layout from;
    private final Layout to;
    private final int[] fromOf;
    private final int windowBlocks;
    private final BitSet todo;
    private final BitSet waiting;
    private final BitSet ready;

    /// @param todo the blocks to be written
    /// @param moved the blocks that must not be before the new image has what is in them elsewhere
    Schedule(Layout from, Layout to, BitSet todo, BitSet moved, int windowBlocks) {
        this.from = from;
        this.to = to;
        this.todo = (BitSet) todo.clone();
        this.waiting = (BitSet) moved.clone();
        this.windowBlocks = windowBlocks;
        this.ready = (BitSet) todo.clone();
        ready.andNot(moved);
        this.fromOf = new int[to.manifest().chunks().size()];
        for (int chunk = 0; chunk < fromOf.length; chunk++) {
            fromOf[chunk] = from.chunk(to.id(chunk));
        }
    }

    /// Blocks that are written between one force and the next, in any order.
    ///
    /// @param blocks the blocks
    /// @param stash those of them whose contents have to be stashed before
    record Window(BitSet blocks, BitSet stash) {}

    /// The next window; nothing when all is done. The one before must be [#done].
    Optional<Window> next() {
        Making making = new Making();
        for (int at = ready.nextSetBit(0); at >= 0 && making.room > 0; at = ready.nextSetBit(at + 1)) {
            making.add(at);
        }
        if (2 * making.room > windowBlocks) {
            making.followChains();
        }
        return making.window.blocks.isEmpty() ? Optional.empty() : Optional.of(making.window);
    }

    /// The blocks of a window are durable.
    void done(Window window) {
        todo.andNot(window.blocks);
        ready.andNot(window.blocks);
        waiting.andNot(window.blocks);
        for (int at = window.blocks.nextSetBit(0); at >= 0; at = window.blocks.nextSetBit(at + 1)) {
            sources(at, source -> {
                waiting.clear(source);
                if (todo.get(source)) {
                    ready.set(source);
                }
            });
        }
    }

    /// Where the old image has what the new one has at a block, all of which will lie there.
    private void sources(int at, IntConsumer out) {
        Extent extent = to.at(at);
        if (extent.kind() == Extent.Kind.CHUNK && fromOf[extent.chunk()] >= 0 && !to.isPartial(at)) {
            boolean _ = from.lies(fromOf[extent.chunk()], Layout.blockInChunk(extent, at), source -> {
                out.accept((int) source);
                return false;
            });
        }
    }

    /// A window that becomes fuller.
    private final class Making {
        private final Window window = new Window(new BitSet(), new BitSet());
        /// Blocks of the window whose sources may be added.
        private final Deque<Integer> ends = new ArrayDeque<>();
        private int room = windowBlocks;

        void add(int at) {
            window.blocks.set(at);
            ends.add(at);
            room--;
        }

        void followChains() {
            int cut = 0;
            while (room > 0 && cut >= 0) {
                if (!ends.isEmpty()) {
                    sources(ends.remove(), this::stash);
                } else {
                    cut = todo.nextSetBit(cut);
                    if (cut >= 0) {
                        stash(cut);
                        cut++;
                    }
                }
            }
        }

        private void stash(int at) {
            if (room > 0 && todo.get(at) && !window.blocks.get(at)) {
                add(at);
                window.stash.set(at);
            }
        }
    }
}
