/// What this host keeps for the fleet, so that an image lives on more hosts than the one that published it.
///
/// 1. A coordinator says which releases there are, and which of them are retired. Of the names that `store.keep` fits,
///    each release that is not retired is *claimed*: its document is fetched, and believed for its signatures only.
/// 2. What was packed on this host is claimed when it is put into the store, and for good once its release is there.
/// 3. Claims that `store.keep` fits are fetched in the background, one at a time, newest first, while no pin is being
///    carried out; what fails is tried again, ever more seldom.
/// 4. A claim ends when a pin has let the release go, or the release keys have revoked it, and not because a
///    coordinator says so or says nothing of it. What was published here is claimed again if the pin is taken back
///    before its room was needed. What was packed and never became a release is let go after a day.
/// 5. What is not claimed goes when its room is needed, but no last known copy of a release that is neither retired
///    nor revoked: [dev.muster.agent.keep.LastCopies].
///
/// Claims are on the disk, and hold without a coordinator:
/// ```
/// HOME/keep/<hash of the release, or of a manifest of which no release is known>
///     "MSTRKEPT" | u16 version = 1 | u8 published here {0, 1} | u64 until, epoch milliseconds, 0 = until retired
///     | text name, or empty | u8 n (1 to 16) | n x manifest id 32 | CRC32C of all before
/// ```
@NullMarked
package dev.muster.agent.keep;

import org.jspecify.annotations.NullMarked;
