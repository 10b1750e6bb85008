/// The few calls of Linux that Java has no words for, through the Foreign Function and Memory API.
///
/// Nothing here reads or writes: that is `FileChannel`'s work. Calls block and hold their carrier, so they belong on
/// platform threads; each is short. Numbers are those of `linux/fcntl.h` and `sys/file.h`, which are the same on x86-64
/// and AArch64 for everything used here.
@NullMarked
package dev.muster.chunkstore.linux;

import org.jspecify.annotations.NullMarked;
