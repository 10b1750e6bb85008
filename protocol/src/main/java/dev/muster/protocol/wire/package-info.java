/// What two hosts say to each other over one connection, and the bytes of it.
///
/// Pure values and codecs: no socket, thread or clock. Integers are little-endian.
///
/// ## On the connection
/// ```
/// u32 length of what follows | u8 type | body
/// ```
/// Each type has its own cap on the length, checked before anything is allocated; no body may be longer or
/// shorter than what it says. The first message each way is HELLO, the dialling host's first.
///
/// ```
///  1 HELLO        u16 protocol version | fleet | host id | site
///  2 PARTICIPATE  manifest id 32 | bits
///  3 LEAVE        manifest id 32
///  4 HAVE         manifest id 32 | u32 n (1 to 4,096) | n x u32 chunk index
///  5 GONE         as HAVE
///  6 GET_HEAD     manifest id 32
///  7 HEAD         bytes, at most 64 KiB, to the end
///  8 GET_PAGE     SHA-256 32
///  9 PAGE         bytes, at most 256 KiB, to the end
/// 10 NOT_HERE     SHA-256 32
/// 11 REQUEST      u32 request id | manifest id 32 | u32 chunk index | u8 frames | u8 header wanted {0, 1}
/// 12 CREDIT       u32 request id | manifest id 32
/// 13 HEADER       u32 request id | u32 chunk index | header
/// 14 DATA         u32 request id | u8 frame index (0 to 7) | u8 codec {0 RAW, 1 ZSTD} | bytes, to the end
/// 15 REFUSE       u32 request id | u8 reason {0 NOT_HERE, 1 BUSY, 2 NOTHING_NEW} | u32 milliseconds
/// 16 CANCEL       u32 request id
/// 17 DOCUMENTS    u32 n (1 to 1,024) | n x SHA-256 32
/// 18 GET_DOCUMENT SHA-256 32
/// 19 DOCUMENT     bytes, at most 1 MiB, to the end
/// 20 PEERS        u32 n (1 to 64) | n x { host id | site | address }
/// 21 PING         u64 token
/// 22 PONG         u64 token
/// 23 GET_HEADERS  manifest id 32 | u32 first chunk index | u8 count (1 to 64)
/// 24 HEADERS      manifest id 32 | u32 first chunk index | u8 n (0 to 64) | n x header
/// 25 CLAIM        as HAVE
/// 26 HERE         u8 own {0, 1} | bytes, at most 32 KiB, to the end
///
/// bits    = u32 size (at most 2^24) | ceil(size / 8) bytes, bit i in byte i / 8 at i % 8, the rest zero
/// header  = u16 n (1 to 256) | n x SHA-256 32
/// name    = u16 length (1 to 64) | [a-z0-9][a-z0-9._-]*        (fleet, host id, site)
/// address = u16 length (1 to 253) | ASCII name, IPv4 or IPv6 literal | u16 port, not 0
/// ```
///
/// ## What is said when
/// 1. After HELLO each side sends PARTICIPATE for the manifests it takes part in, and HAVE, GONE and LEAVE as
///    that changes. A manifest whose PARTICIPATE has not come has no chunks.
/// 2. REQUEST asks for frames of one chunk, CREDIT for any one chunk that the asker lacks, of the holder's
///    choosing. The answer is HEADER (if wanted, or to a credit), then one DATA per frame, or REFUSE. A request
///    id is chosen by the asker and names one request until its last frame, its refusal or its CANCEL; frames
///    that were on their way may still come.
/// 3. GET_HEAD, GET_PAGE and GET_DOCUMENT are answered by what they ask for, or by NOT_HERE with its hash.
/// 4. GET_HEADERS is answered by HEADERS with the same manifest and first index: the headers of those of the
///    asked chunks that the sender has, in their order, perhaps none; or by NOT_HERE with the manifest id, if
///    the sender does not know which chunks those are. A header names its chunk itself, by its hash.
/// 5. CLAIM is said by a gateway to the other gateways of its site, when it asks another site for chunks and
///    again as long as it waits for them; one that is not repeated is forgotten after a second or two.
/// 6. HERE with `own` is said by a node that is no member of the cluster, to everybody, when what it says
///    changes and every 10 s. A member answers by passing on what those say that it sees: all of the other's
///    site and some more, each when it changes and every 10 s.
@NullMarked
package dev.muster.protocol.wire;

import org.jspecify.annotations.NullMarked;
