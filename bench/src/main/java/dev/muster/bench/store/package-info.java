/// Packing, keeping and restoring an image, beside casync and `qemu-img convert` in the same run. After a build:
/// `bench/compare-store [--directory DIR] [--runs N] [--mib N] [--json FILE]`.
///
/// ## How it is measured
/// 1. The images are ext4 file systems with files of this machine: `v1`; `inplace`, which is `v1` after files of 5 % of
///    its bytes were replaced inside of it; `rebuilt`, made anew of the changed tree. All have the same length.
/// 2. Everything lies in one directory on tmpfs, so that no disk takes part, and was read once before: the page cache
///    is warm. Stores and targets are made anew for every run and deleted after it.
/// 3. A run does each step once, one after the other, ours and the peers' taking turns; the machine does nothing else.
///    Each step is a process of its own, so that nobody profits from what ran before: `wall` is the whole of it with
///    the start of the JVM, `work` what our process measures around the call alone. Ratios against a peer compare
///    `wall` with `wall`.
/// 4. Figures are medians of all runs. Bytes a second count non-zero bytes of the guest's disk. `changed` are the
///    distinct non-zero blocks of 4 KiB that are found nowhere in `v1`: what no delta can do without.
/// 5. casync runs with what it does by itself (chunks of 64 KiB on average, zstd); `delta` are the bytes of its chunk
///    files that `v1` does not have, compressed, as are ours. `qemu-img convert` reads and writes raw files.
///
/// [StoreComparison] is the program, [Step] the process of ours, [Images] are what they work on.
@NullMarked
package dev.muster.bench.store;

import org.jspecify.annotations.NullMarked;
