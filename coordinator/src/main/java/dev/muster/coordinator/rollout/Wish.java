package dev.muster.coordinator.rollout;

import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Wave;

/// What a pin is to say, before it has a number and a signature.
///
/// @param name of the image
public record Wish(String name, Group group, Order order, Wave wave, boolean rollback) {}
