/// Connections between hosts: TLS 1.3 with certificates of the fleet on both ends, and peer messages over it.
///
/// One link for each pair of hosts carries everything between them. A link belongs to one event loop, on which
/// all that happens to it is told to the [PeerListener][dev.muster.protocol.net.PeerListener] in order. Whoever
/// listens must not wait there: it hands on, and pauses the link when its mailbox is full; then TCP stops the
/// sender.
///
/// ## How a link comes about
/// 1. The dialling host connects; both prove by certificate to be hosts of this fleet. The dialler also checks
///    that it reached the host that it meant.
/// 2. The dialler sends HELLO. The other end answers with its own HELLO if it takes the link, and closes it
///    otherwise: it has too many, or the two dialled each other and the other dial wins.
/// 3. Of two links between a pair, dialled from either end, that of the host with the smaller id survives; of
///    two dialled from the same end, the newer. Both ends decide alike without a word.
///
/// Pings are sent on a link on which nothing comes, and answered, by the network itself.
///
/// ## TLS
/// It is the JDK's. Processor time for 1 GiB in records of 16 KiB with AES-128-GCM, one thread, JDK 25 and
/// netty-tcnative 2.0.78 (BoringSSL) on an EPYC with VAES:
///
/// | engine | buffers | encrypt | decrypt |
/// |---|---|---|---|
/// | JDK | on the heap | 0.30 s | 0.47 s |
/// | JDK | outside | 1.39 s | 1.28 s |
/// | BoringSSL | outside | 0.37 s | 0.62 s |
///
/// So everything that passes TLS lies on the heap ([HeapBuffers]), and nothing is gained by a native library
/// that would have to come along for each platform.
///
/// ## Coordinators
/// Hosts and operators ask them over HTTPS: see [CoordinatorClient][dev.muster.protocol.net.CoordinatorClient].
/// What hosts send and get is binary, in the form that each record here documents; what operators do is JSON.
@NullMarked
package dev.muster.protocol.net;

import org.jspecify.annotations.NullMarked;
