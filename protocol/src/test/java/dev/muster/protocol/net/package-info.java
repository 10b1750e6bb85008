/// Tests of the peer network, and [MemoryPeerNetwork], one among hosts of one process.
@NullMarked
package dev.muster.protocol.net;

import org.jspecify.annotations.NullMarked;
