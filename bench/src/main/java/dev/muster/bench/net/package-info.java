/// What one pair of hosts can do when nothing but they themselves is in the way. After a build:
/// `bench/measure-link [--directory DIR] [--runs N] [--mib N] [--kinds random,words] [--java-options "..."]
/// [--json FILE]`.
///
/// ## How it is measured
/// 1. Two processes on one machine, a source and a receiver, each with what an agent has for this: a store as
///    it is by default (`store.commit` too), swarms, deliveries, and a network with TLS 1.3 and certificates on
///    both ends, over loopback. Both stores lie on tmpfs, so that no disk takes part. Their JVMs get the
///    options of `muster agent`.
/// 2. Two images: random bytes, of which the wire length is the length; and words, of which zstd makes a third
///    or less. Each has a smaller one of its kind that is fetched before, so that code is compiled and the link
///    is there.
/// 3. `MB/s` is the length of the image, in the guest's bytes, by the time from the beginning of the fetch
///    until all of it is durable and installed at the receiver; `wire MB/s` counts the bytes of frames.
/// 4. `CPU s/GB` is user and system time of both processes together in that time (`/proc/PID/stat`),
///    compilation and garbage collection too, by guest bytes. The kernel's work for loopback is in it: the
///    sender does it.
/// 5. `RSS MiB` is the largest `RssAnon` (`/proc/PID/status`) seen in that time, every 50 ms, of each process:
///    what it has in memory beyond mapped files.
/// 6. Figures are medians of all runs; every run has new processes and a new receiver's store. The machine does
///    nothing else.
///
/// [LinkMeasurement] is the program, [LinkEnd] one of its two processes.
@NullMarked
package dev.muster.bench.net;

import org.jspecify.annotations.NullMarked;
