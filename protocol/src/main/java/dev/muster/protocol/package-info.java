/// The words that agents and coordinators share: content and its names, signed documents, peer messages, connections.
///
/// Nothing here knows a disk image, an agent or a coordinator. This package itself holds only [MusterException], the
/// one family of failures that an operator can act on.
@NullMarked
package dev.muster.protocol;

import org.jspecify.annotations.NullMarked;
