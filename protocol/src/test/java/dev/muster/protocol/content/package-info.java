/// Tests of content names and formats, and the fixtures that other modules build images with.
@NullMarked
package dev.muster.protocol.content;

import org.jspecify.annotations.NullMarked;
