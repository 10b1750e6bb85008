/// Strict binary reading and writing, shared by every format of the project.
///
/// All integers are little-endian. A reader never trusts a length: it is compared with a cap and with the bytes that
/// are there before anything is allocated, and what is left over at the end is an error.
@NullMarked
package dev.muster.protocol.codec;

import org.jspecify.annotations.NullMarked;
