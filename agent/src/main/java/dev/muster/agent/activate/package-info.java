/// What becomes of a pin on this host: the image is fetched and written beside the one that runs, the hook is asked,
/// the link is switched, and the host says so.
///
/// ```
/// HOME/images/NAME/<manifest id>.raw     a whole image: it appears under this name only when every block was verified
/// HOME/images/NAME/current               a link to one of them, switched atomically
/// ```
/// A failure leaves the link where it was. The image that ran before stays, so that rollback is the switch of a link.
@NullMarked
package dev.muster.agent.activate;

import org.jspecify.annotations.NullMarked;
