/// Tests of the lab's pure parts; the lab itself is run by a test beside the command line.
@NullMarked
package dev.muster.bench.lab;

import org.jspecify.annotations.NullMarked;
