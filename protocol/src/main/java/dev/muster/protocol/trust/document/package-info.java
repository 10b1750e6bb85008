/// Signed documents: what a fleet is, which releases exist, which hosts run which of them, and what hosts say.
///
/// Pure: no file, socket, thread or clock; time comes in as epoch milliseconds. Integers are little-endian; `text` is a
/// u16 length and UTF-8.
///
/// ## Envelope, at most 1 MiB
/// ```
/// "MSTRDOC" | u16 version = 1 | u8 type | u32 length | payload | u8 signatures (<= 32) | signature*
/// signature = key id 32 | u8 algorithm | u16 length (<= 8,192) | bytes
/// ```
/// Signed bytes = `"muster/v1/"` | type's name | 0x00 | u32 length | payload. A type's name is `root`, `release`,
/// `pin`, `host-report`, `revocations` or `freshness`.
/// A document's *hash*, which is its name everywhere, is SHA-256 of the signed bytes: the same whoever has signed.
///
/// Signatures stand in ascending order of (key id, algorithm), none twice. Received bytes are verified first and parsed
/// after, never encoded again to be verified. A payload has one form: one that decodes to a document which would be
/// written otherwise is refused, and so is one byte too many.
///
/// A signature by a key that has no part in the document's role is ignored. One by a key that has must be good, else
/// the document is refused. A key counts once, and only if every algorithm that the root document requires is there.
///
/// ## Payloads
/// ```
/// root    text fleet | u64 number | u64 created | u8 n, u8 algorithm* (required, ascending)
///         | u8 n (<= 64), verify key* (ascending by id) | 4 x { u8 role, u8 threshold, u8 n, key id* (ascending) }
///         | SHA-256 of the CA root's certificate | u32 pacing ceiling, ppm of hosts per hour, 0 = none | u16 grace
/// days
/// release text name | text version | u64 counter | text product | text hardware | u64 created
///         | u8 n (1..16), artifact* (ascending by role) | text kernel command line (<= 4,096) | SHA-256 of provenance
/// artifact = text role | u64 length | content id 32 | manifest id 32
/// pin     text name | scope | order | wave | key id 32 | u64 number | SHA-256 of the key's previous pin
///         | u16 priority | u8 rollback | u32 pace, ppm of hosts per hour, 0 = at once
///         | u64 created | u64 not before | u64 deadline, 0 = none | u64 expires
/// scope   = u8 1, u8 n (<= 16), { text label, text value }* (ascending)  |  u8 2, hosts
/// order   = u8 1, release hash 32  |  u8 2 (withdraw)  |  u8 3 (retire) or 4 (bring back), release hash 32, which are
///           for all hosts at once
/// wave    = u8 1, u32 ppm  |  u8 2, hosts
/// hosts   = u16 n (1..1,000), text* (ascending)
/// revocations
///         u64 number | u64 created | u16 n (<= 4,096), release hash 32* (ascending)
///         | u16 n (<= 4,096), { text name | u64 lowest counter }* (ascending)
///         | 3 x { u16 n, text id* (ascending) }: hosts, coordinators, operators, together <= 8,192
/// freshness
///         key id 32 | u64 number | u64 created | u64 expires, at most 7 days later | u64 root's number
///         | u64 revocation list's number, 0 = none | u8 n (<= 64), { key id 32 | u64 newest pin }* (ascending)
/// host report
///         text host | u64 counter | text boot id | u64 created | u8 state | text address | text site
///         | running | wanted | stock | u64 done, total | u64 from source, site, wan, local
///         | u64 sent, started, finished | text error (<= 1,000)
/// running, wanted = u16 n (<= 256), { text name | release hash 32 | manifest id 32 }* (ascending)
/// stock   = text names that it keeps (see KeepRule, <= 2,080) | u16 n (<= 1,024), u64* (ascending): of each manifest
///           that is whole there the first 63 bits of its id
/// ```
/// Names and versions are `[a-z0-9][a-z0-9._-]{0,63}`.
///
/// ## What is believed
/// See [Beliefs], and which pin decides in [PinBook].
@NullMarked
package dev.muster.protocol.trust.document;

import org.jspecify.annotations.NullMarked;
