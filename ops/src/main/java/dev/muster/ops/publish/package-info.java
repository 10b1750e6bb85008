/// Publishing an image from this process, with its user's rights.
///
/// 1. The newest version of the same name, or the one that was asked for, becomes the parent. If this host does not
///    have it, head, pages and headers come from peers, and its chunks stay with those. Without a parent everything is
///    new.
/// 2. The image is read and packed here; the agent on this host keeps the new chunks, and serves them from then on.
/// 3. The release is signed here, over what was hashed here. The keys do not leave this process.
/// 4. A coordinator takes release and manifest heads into its catalog. The agent keeps the image until it is retired.
/// 5. Hosts that keep the releases of that name fetch it; the command ends when enough of them have it.
@NullMarked
package dev.muster.ops.publish;

import org.jspecify.annotations.NullMarked;
