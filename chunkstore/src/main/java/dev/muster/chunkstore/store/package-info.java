/// Chunks, manifests and refs on one host.
///
/// [ChunkStore] is what others use; [SegmentStore] keeps one in a directory:
///
/// ```
/// identity                    which store this is
/// segments/00000017.seg       chunks, appended; reserved on the disk when begun
/// journal/00000007.snapshot   what is true, as of the start of log 7
/// journal/00000007.log        what has become true since
/// manifests/3f/3fa4...        heads and pages, each named by its SHA-256
/// refs/web                    what a name runs
/// scrub                       how far the last scrub came
/// volumes/                    targets that hold chunks: the volume package's
/// ```
/// A name that ends in `~part` is of a file that is not whole yet; one with `~aside`, of one that [Fsck#rebuild] set
/// aside.
///
/// ## Promises
/// - **R1** A PUT is in the journal only after the bytes of its record are on the disk.
///   `StoreCrashTest`
/// - **R2** A manifest is installed only after all its chunks have a place. `ChunkStoreContract`, `StoreCrashTest`
/// - **R3** A ref names only an installed manifest. `ChunkStoreContract`, `StoreCrashTest`
/// - **R4** Nothing reachable from a ref, another root or a live lease is ever freed. `CollectRaceTest`,
///   `StoreStressTest`, `StoreCrashTest`; the argument is in [Leases]
/// - **R5** Files named by their content are never rewritten.
///   `SegmentStoreFilesTest.filesNamedByContentAreNotRewritten`
///
/// ## Writing
/// 1. A chunk's record is written behind the last one, into the page cache; the chunk can be read from then on. More
///    than `pendingBytesMax` that is not durable makes `put` wait.
/// 2. The committer gathers: every commit interval, at `commitBytes`, and for `flush`, it forces the segments,
///    appends to the journal, and forces that.
/// 3. A segment that a record does not fit gets its footer, is cut to its length, and is sealed in the journal.
/// 4. When a log takes most of `journalBytesMax`, before the next commit, and on closing, a new log is begun, if
///    the disk has room for all of it, and a snapshot takes the place of the old ones. What is left of the old
///    one's room is for what is condemned on a full disk.
/// 5. Identity, manifests, refs, snapshots, and the first blocks of logs and segments are written as `<name>~part`,
///    forced, renamed, and their directory forced: they are there whole or not at all.
///
/// A `force` that fails loses what was not durable: the store takes no more until it is opened again, and still
/// reads. A disk without room refuses the put, and nothing has happened. A log that cannot grow is tried again, by
/// whoever waits and after each commit interval.
///
/// ## Collecting
/// What nothing keeps is a seed for other images, and stays until its room is wanted: by the operator, or by a
/// `put` that finds none. Then, with nobody waiting ([Collector]):
/// 1. Roots are refs (current and previous), leases, and what others have added. Chunks that no installed image names
///    go first, then images that no root names, those installed first before others: REMOVE is durable before any of
///    their chunks goes.
/// 2. A chunk that no lease holds is *condemned*: it cannot be found any more, and CONDEMN is journaled.
/// 3. When that is durable, the segment sealed, and everybody gone who may have found the chunk before, its whole
///    record is punched. A segment of which nothing counts is deleted, and FREE journaled; the last one never is,
///    so that no place is ever used twice. Where files cannot be punched, what is left of segments that are
///    mostly condemned is written to the end again.
/// 4. Heads and pages that nothing needs are deleted.
///
/// Whatever a crash leaves undone of this, the next opening or collection does: CONDEMN stays in snapshots until
/// the hole is durable, a file that is back without anything that counts is deleted again.
///
/// ## Chunks that lie elsewhere
/// A chunk's blocks may lie on a target instead ([Elsewhere]); its record is a head and the chunk header then. What was
/// written to the target is forced with the segments, before the PUT is in the journal (R1), and the target is not let
/// go of before that. Such a chunk is read block by block, each hashed, and forgotten if one is nowhere.
///
/// ## Opening
/// The newest snapshot is read, then the logs from its number on. A log may end in records that are not whole if
/// the power failed while they were written; they are cut off, and nothing may follow. Anything else that is not
/// as written is [dev.muster.protocol.MusterException.Corrupt]. Then the last segment, if it is not sealed, goes on
/// behind its last record of which there is a PUT: what else lies there is free. What is condemned is punched.
///
/// ## Checking and mending
/// [Scrub] reads everything while the store is open, and has what has rotted put again from elsewhere; what the disk
/// cannot read has rotted too. A record is condemned for its own bytes, and never for its segment's first block, which
/// is written anew. A ref that rotted stops collecting until it is pointed somewhere, and nothing else. [Fsck] checks a
/// store that is not open. What it cannot open any more is rebuilt from the segments alone, with the manifests that are
/// whole and the refs that are right; a snapshot or log that rotted loses nothing. `BitFlipTest` flips bits everywhere.
///
/// ## Formats
/// Little-endian; CRC is CRC32C (RFC 3720) as `u32`, of everything before it in its unit. A *block* is 4,096
/// bytes. A reader refuses a version that it does not know. Where a chunk or manifest id, hash or store id
/// stands, it is 32, 32, 32 or 16 bytes as they are.
///
/// **identity**, 32 bytes
/// ```
///  0 "MSTRSTOR" | 8 u16 version = 1 | 10 u16 0 | 12 store id | 28 CRC
/// ```
///
/// **segment**: one block of header, records, and, once sealed, a footer up to the end of the file
/// ```
/// header, a block
///  0 "MSTRSEGM" | 8 u16 version = 1 | 10 u16 0 | 12 u32 segment number, from 1 | 16 store id | 32 zeros | 4092 CRC
///
/// record = head, a block | chunk header, filled up to blocks | payload, filled up to blocks
/// head
///    0 "MSTRRECD" | 8 u16 version = 1 | 10 u16 0
///   12 chunk id
///   44 u32 segment number | 48 u32 block in the segment    where it is meant to lie; later places are newer
///   52 u16 n, blocks of the chunk
///   54 u8 {0: the payload is the chunk's n blocks, plain, so that it can be cloned; 1: its frames, back to back;
///          2: there is none, the blocks lie on volumes}
///   55 u8 frames, ceil(n / 32); 0 without a payload
///   56 8 x u8 codec of each frame {0 raw, 1 zstd}
///   64 8 x u32 length of each frame; 0 for those it does not have
///   96 u32 payload length, the sum of the frames' | 100 u32 CRC of the payload
///  104 zeros | 4092 CRC
///
/// footer, blocks
///    0 "MSTRSEAL" | 8 u16 version = 1 | 10 u16 0 | 12 u32 segment number | 16 store id
///   32 u32 records | records x { chunk id | u32 block | u16 blocks of the record | u16 0 } | CRC | zeros
///  -16 "MSTRSEAL" | -8 u32 block where the footer starts | -4 CRC of these 12 bytes
/// ```
/// Head and chunk header verify themselves, so that chunks are found again by a scan in blocks without any index.
///
/// **log** and **snapshot**
/// ```
///  0 "MSTRJRNL" for a log, "MSTRSNAP" for a snapshot | 8 u16 version = 1 | 10 u16 0
/// 12 u32 number | 16 store id | 32 CRC | 36 records
///
/// record = u16 length of the body | u8 type | u8 0 | body | CRC
/// 1 PUT      { chunk id | u32 segment | u32 block | u16 blocks of the record }   the last one of a chunk counts, and
///            condemns the one before
/// 2 INSTALL  { manifest id }   in a snapshot in the order in which they were installed
/// 3 SEAL     { u32 segment }
/// 4          refused by this version
/// 5 CONDEMN  { as PUT }   the chunk is not there any more; if it has another place, it keeps that
/// 6 FREE     { u32 segment }   the file is deleted; nothing that is said of it counts
/// 7 LEASE    { manifest id | u64 until, in milliseconds since 1970, or 0 }   the last one of a manifest counts
/// 8 REMOVE   { manifest id }   it is not installed any more
/// 9 END      { u64 records before it }   the last record of a snapshot, nowhere else
/// 10 PUTS    { what PUT has, up to 1,560 times }   in a snapshot
/// 11 BATCH   { u64 where it starts in the log }   first of the records that became durable together, in a log
/// ```
/// All before a BATCH was durable when it was written. So a log of which the end is not whole may end there after a
/// crash, unless a BATCH lies behind: then it is damaged.
///
/// **scrub**, 28 bytes: how far the last scrub came
/// ```
///  0 "MSTRSCRB" | 8 u16 version = 1 | 10 u16 0 | 12 u64 how often everything was read | 20 u32 segment | 24 CRC
/// ```
///
/// **ref**
/// ```
///  0 "MSTRREFS" | 8 u16 version = 1 | 10 u16 0
/// 12 u16 length, name in ASCII | u64 generation | manifest id, the current one
///  . u8 how many, up to 8 | manifest ids, newest first | CRC
/// ```
@NullMarked
package dev.muster.chunkstore.store;

import org.jspecify.annotations.NullMarked;
