/// What becomes of a pin on this host: the image is fetched and written beside the one that runs, the hook is asked,
/// the link is switched, and the host says so.
///
/// ```
/// HOME/images/NAME/<manifest id>.raw     a whole image: it appears under this name only when every block was verified
/// HOME/images/NAME/current               a link to one of them, switched atomically
/// HOME/images/NAME/volume.raw            where there is no room for two images: the one file, which goes by the name
///                                        of the image that is whole on it
/// ```
/// A failure leaves the link where it was. The image that ran before stays, so that rollback is the switch of a link.
/// A volume becomes the next image block by block, and while it does its file has no name of an image: then the link
/// leads nowhere, until the conversion is done or taken back.
@NullMarked
package dev.muster.agent.activate;

import org.jspecify.annotations.NullMarked;
