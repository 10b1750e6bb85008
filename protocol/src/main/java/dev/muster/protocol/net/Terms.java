package dev.muster.protocol.net;

import dev.muster.protocol.wire.Message.Hello;

/// What this end of every connection goes by.
///
/// @param self what it says of itself
record Terms(Hello self, TlsSetup tls, LinkLimits limits) {}
