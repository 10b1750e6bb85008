/// Images and their chunks at rest: read out of containers, packed, stored, and assembled on a target.
///
/// ```
/// image ──▶ pack ──▶ store ──▶ assemble ──▶ volume
///             └─ codec ─┘
/// ```
/// `linux` has the few calls that Java lacks. Nothing here opens a socket. This package itself holds [Progress], which
/// every long piece of work reports to.
@NullMarked
package dev.muster.chunkstore;

import org.jspecify.annotations.NullMarked;
