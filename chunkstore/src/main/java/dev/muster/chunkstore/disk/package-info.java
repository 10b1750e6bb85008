/// The file system as the store and the conversion of targets need it, and nothing else of it, so that a disk that
/// fails, fills up or loses power can stand in for it. [LocalDisk] is the one of this host.
@NullMarked
package dev.muster.chunkstore.disk;

import org.jspecify.annotations.NullMarked;
