/// What coordinators of one fleet have in common, so that any of them can go on alone. Each has a director key and a CA
/// of
/// its own, and takes over from each of the others what they have and it has not:
///
/// 1. roots, revocations and pins, and the releases with the heads of their manifests: signed, and judged as if a
/// person had
///    brought them;
/// 2. hosts and groups, by word: a coordinator may enrol whom it likes, so its word adds nothing to what it can do.
///
/// Nobody leads. Pins are ordered by their numbers, so that hosts agree whoever ordered; of a host or a group the
/// change that
/// was not made here counts, where both were changed each keeps its own. Tokens, rollouts that go on and the audit log
/// stay
/// where they were made.
@NullMarked
package dev.muster.coordinator.companion;

import org.jspecify.annotations.NullMarked;
