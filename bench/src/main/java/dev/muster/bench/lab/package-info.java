/// A room of hosts on one machine, each a network namespace behind a link of a certain rate, in which Muster
/// and other programs bring the same image from one host to all others. As root, after a build:
/// `bench/lab run --hosts 17 --rate 100Mbit --image 128MiB --with libtorrent,udpcast`.
///
/// ## How it is measured
/// 1. A host is a network namespace with one link into the bridge of its site. `tc tbf` caps what it sends
///    and what it receives at `--rate` (burst 10 ms, queue 30 ms). Sites are joined by a router whose link to
///    each site is capped at `--wan` both ways. The coordinator has a link of its own, which is not capped.
///    No delay and no loss is added.
/// 2. The image is random, so that nothing of it compresses, and lies on tmpfs with all homes, stores and
///    targets: no disk takes part. The first host has it before the clock starts; the others have nothing of
///    it.
/// 3. Muster runs as shipped: a coordinator and one agent for each host, processes of their own, enrolled,
///    with their connections as they come. They are warmed by an image of 16 MiB (`--warm`) that goes the
///    same way first, and then left alone until the machine has little to do. The clock starts when the
///    coordinator makes the pin (the time in it) and stops for a host when its link `current` names the
///    image: discovery, transfer, verification and writing are in it. Afterwards each target is compared with
///    the source.
/// 4. The others run before it, one after the other, on the same hosts in the same run. libtorrent
///    and aria2 find their peers by a tracker beside the coordinator; the clock starts when all hosts are
///    told to join, with the source seeding already. udpcast is told to send at 95 % of the rate, and the
///    clock starts with its sender, all receivers waiting; it does not cross routers, so it is left out where
///    there are several sites. nginx serves to one `curl` on each host, all at once.
/// 5. *Bound* is what no program can undercut with these links: the most of F / up, F / down, N F / sum of
///    up, and for each WAN link the bytes that must cross it; F is the length of the image, headers not
///    counted. *p50*, *p99* and *max* are of the seconds of all receivers.
/// 6. Bytes are counted at the interfaces, with all headers: what the source's link sent, and what each
///    site's WAN link let in and out. For Muster the payload is counted as well, by the agents' own counters.
///    Both are divided by the length of the image: copies.
/// 7. CPU is what the whole machine was busy while the clock ran (`/proc/stat`), kernel included, for each
///    GiB that a host received. A run in which it was busy for more than 90 % measured this machine and not
///    the links: it is *invalid*, and is said so.
///
/// `bench/lab limits` measures whether the limits of `muster host set` are what interfaces move: see [LimitRun].
///
/// Everything is named after the process (`muster-lab-PID`) and is removed when that ends; `bench/lab clean`
/// removes what a killed one left.
///
/// [Lab] is the program, [Topology] the plan of hosts and links, [Testbed] what becomes of it, and each
/// [Contender] a way to bring an image to every host.
@NullMarked
package dev.muster.bench.lab;

import org.jspecify.annotations.NullMarked;
