@NullMarked
package dev.muster.protocol.trust.document;

import org.jspecify.annotations.NullMarked;
