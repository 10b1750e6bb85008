package dev.muster.coordinator.api;

import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.VerifyKey;

/// Who calls, as their certificate proves.
record Caller(Subject subject, VerifyKey key) {}
