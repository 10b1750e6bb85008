/// The work of people who hold keys: making them, signing documents on machines that are never connected, and taking
/// what was signed to the fleet. A document travels as a file that holds its envelope and nothing else, signed by
/// nobody, some or all; step by step in `ops/docs/KEYS.md`.
@NullMarked
package dev.muster.ops.ceremony;

import org.jspecify.annotations.NullMarked;
