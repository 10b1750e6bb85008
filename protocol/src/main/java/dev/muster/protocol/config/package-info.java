/// Configuration of a program: one immutable record tree, read from `key = value` lines.
///
/// Sources, later ones over earlier ones: the defaults in the code, one file, `--set key=value`, the
/// environment (`MUSTER_SET_SWARM__UPLOAD_LIMIT` is `swarm.upload-limit`). Keys are
/// `lower-case-with-dashes` under dots; units are types. A key that nobody reads is an error that names the
/// nearest one, and all problems are reported together.
@NullMarked
package dev.muster.protocol.config;

import org.jspecify.annotations.NullMarked;
