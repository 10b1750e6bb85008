/// Disks and files as their guest sees them, read out of the container they came in: raw files, block devices, qcow2.
///
/// A container is somebody else's file: every offset, size and table in it is bounded, and must lie inside it, before
/// anything is read or allocated. What this package does not read it refuses by name.
@NullMarked
package dev.muster.chunkstore.image;

import org.jspecify.annotations.NullMarked;
