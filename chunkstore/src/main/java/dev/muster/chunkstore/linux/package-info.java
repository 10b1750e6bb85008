/// The few calls of Linux that Java has no words for, through the Foreign Function and Memory API.
///
/// [LinuxFile] is a descriptor; [RangeCalls] is what is done to ranges of files to spare reading and writing
/// them, and can be switched off. Reading and writing is `FileChannel`'s work, but around the page cache.
/// Calls block and hold their carrier, so they belong on platform threads. Numbers are those of
/// `linux/fcntl.h`, `linux/fs.h`, `linux/falloc.h` and `sys/file.h`, which are the same on x86-64 and AArch64
/// for everything used here.
@NullMarked
package dev.muster.chunkstore.linux;

import org.jspecify.annotations.NullMarked;
