/// Tests of peer messages.
@NullMarked
package dev.muster.protocol.wire;

import org.jspecify.annotations.NullMarked;
