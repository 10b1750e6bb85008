/// How this host became a member of its fleet: its key, its certificates, the root it pinned, and whom to ask.
///
/// ```
/// HOME/identity.pem          TLS key and certificates, readable by the owner only
/// HOME/documents/root/<n>    the chain of roots from the pinned one, n = 0, 1, ...
/// HOME/membership            `key = value`: host, fleet, site, label.*, root (the pinned hash), coordinators, cluster
/// ```
/// The key is made here and never leaves. `membership` is written last: a host without it is not enrolled,
/// and tries again with the same key.
@NullMarked
package dev.muster.agent.enrol;

import org.jspecify.annotations.NullMarked;
