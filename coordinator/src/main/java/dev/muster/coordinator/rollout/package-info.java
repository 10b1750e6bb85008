/// Which hosts run which release: groups, pins signed by this coordinator, rollouts, and what hosts report.
///
/// Decisions are pure ([PinRules][dev.muster.coordinator.rollout.PinRules], and `PinBook` of the protocol): agents take
/// the same ones from the same pins. Here they serve to make good pins and to say how far a rollout is.
@NullMarked
package dev.muster.coordinator.rollout;

import org.jspecify.annotations.NullMarked;
