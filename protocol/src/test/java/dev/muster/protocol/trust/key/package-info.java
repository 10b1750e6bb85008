@NullMarked
package dev.muster.protocol.trust.key;

import org.jspecify.annotations.NullMarked;
