/// Tests of strict binary reading and writing.
@NullMarked
package dev.muster.protocol.codec;

import org.jspecify.annotations.NullMarked;
