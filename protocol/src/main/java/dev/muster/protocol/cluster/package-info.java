/// The shared view of the fleet: who is there, who takes part in which swarm, and that newer documents exist.
///
/// Hints only. Nobody may act on what is read here except by asking the host named in it, which must then prove who it
/// is; signed documents and hashes decide everything else. Everything keeps working, slower to discover, without it.
///
/// Hazelcast, which carries the view, asks nobody who they are and believes what it reads. So every connection between
/// members begins with TLS of our own, put under Hazelcast's protocol where a node's extension may: nothing is parsed
/// before both ends have shown a certificate of the fleet, and no packet is longer than the view needs. And because an
/// enrolled host may be hostile too, only byte arrays are put into the cluster, and each is decoded by the strict codec
/// of [Presence]; none of Hazelcast's locks, counters or executors is used.
///
/// ## A presence as bytes, at most 32 KiB
/// ```
/// "MSTRPRES" | u16 version = 1 | u8 kind {0 AGENT, 1 COORDINATOR} | id | site | address
/// | u8 has cluster address | cluster address, if so
/// | u8 labels (<= 64) x { key | value }, by key | u64 documents | u16 parts (<= 256) x part
/// part = manifest id 32 | u32 have | u32 chunks
/// ```
/// Names and addresses are those of `protocol.wire`; the value of a label is u16 length (<= 128) and UTF-8.
@NullMarked
package dev.muster.protocol.cluster;

import org.jspecify.annotations.NullMarked;
