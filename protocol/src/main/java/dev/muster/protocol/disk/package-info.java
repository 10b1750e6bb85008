/// Small files that must survive a power cut: keys, signed documents, records of a coordinator or an agent.
///
/// The order is always the same: write a temporary file beside the target, force it to the disk, rename it over the
/// target, force the directory. A reader sees the old bytes or the new ones, never a part. A failure to force is
/// reported, never tried again: what the kernel could not write once, it may claim to have written the second time.
@NullMarked
package dev.muster.protocol.disk;

import org.jspecify.annotations.NullMarked;
