/// The agent's own door for programs on the same host: a Unix socket in a private directory, over which the
/// command line asks for images and, in its own process with its own rights, packs and writes them.
///
/// A message is u32 length | u8 kind | body, at most [Wire#BODY_MAX] bytes. Kind 0 is JSON, kind 1 is bytes
/// that belong to the JSON before. A client sends one request and reads until it gets `result` or `error`;
/// then it may send the next.
///
/// ```
/// {"do":"status"}                        {"result":{...}}
/// {"do":"settings"}                      {"result":{"settings":[{"key":..,"value":..,"default":..,"purpose":..}..]}}
/// {"do":"set","settings":{K:V..}}        the same, after the change; an empty V is the default again
/// {"do":"stat"}                          {"result":{"chunks":..,"chunkBytes":..,"freeBytes":..,"images":..}}
/// {"do":"resolve","ref":R}               {"result":{"name":..,"manifest":..,"release":..,"artifacts":[A..]}}
/// {"do":"pull","ref":R}                  {"phase":..,"total":..} {"advance":..}* and the result of resolve
/// {"do":"volumes"}                                        targets that are served from; what is on them
/// {"do":"release","target":PATH}                          a target is served from no longer
/// {"do":"direct","ref":R,"target":PATH,"giveUp":false}    as pull; the image is on the target then, and served from it
/// {"do":"collect","bytes":N,"dryRun":false,"force":false}
///                             {"phase":..}* {"result":{"bytes":..,"chunks":..,"images":[H..],"last":[..]}}
/// {"do":"scrub","rate":N}                {"phase":..}* {"result":{"checkedBytes":..,"badChunks":..,"findings":[..]}}
/// {"do":"presence","ids":[H..]}          {"result":{"presence":[{"is":"plain","file":..,"offset":..}..]}}
/// {"do":"likely","ids":[hook..],"max":4} {"result":{"manifests":[H..]}}
/// {"do":"head"|"page"|"header"|"chunk","id":H}   {"result":{"found":true}} bytes, where found
/// {"do":"has","ids":[H..]}               {"result":{"has":[true..]}}
/// {"do":"put"|"put-head"|"put-page"} bytes       {"result":{}}
/// {"do":"flush"}                         {"result":{}}
/// {"do":"manifest","id":H}               {"result":{}}   head and pages are here then, from peers if need be
/// {"do":"headers","id":H,"first":I,"ids":[C..]}  {"result":{}} bytes: for each C u16 n | n x SHA-256 32
/// {"do":"packed","id":H}                 {"result":{"whole":true}}
/// {"do":"published"} bytes               {"result":{}}
/// anything                               {"error":{"kind":..,"reason":..,"message":..}}
/// ```
/// `headers` asks for the headers of up to 64 chunks C, which are those of manifest H from index I on; n is 0 for one
/// that neither the store nor any peer has. `packed` serves a manifest whose head and pages were put here, with those
/// of its chunks that are here; `published` brings the envelope of the release that it became, so that it is kept.
///
/// R is what a person calls an image. A is `{"role":..,"manifest":..}`; `release` is there unless the image was
/// named by its manifest only. `kind` is one of configuration, unknown, refused, corrupt, unreachable, target,
/// store, io; a refusal has its `reason` too.
///
/// What a connection has pulled, asked for and put is not collected before it ends.
///
/// What comes in is verified as if it came from a peer, and what goes out is verified again by who asked.
@NullMarked
package dev.muster.agent.control;

import org.jspecify.annotations.NullMarked;
