package dev.muster.protocol.net;

import dev.muster.protocol.wire.Message.Hello;
import io.netty.buffer.ByteBufAllocator;

/// What this end of every connection goes by.
///
/// @param self what it says of itself
/// @param buffers for all connections
record Terms(Hello self, TlsSetup tls, LinkLimits limits, ByteBufAllocator buffers) {}
