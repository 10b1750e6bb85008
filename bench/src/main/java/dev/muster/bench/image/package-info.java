/// Disk images to measure with and to practise with: file systems of files of this machine, and what an update makes of
/// them. The same machine and seed give the same bytes.
@NullMarked
package dev.muster.bench.image;

import org.jspecify.annotations.NullMarked;
