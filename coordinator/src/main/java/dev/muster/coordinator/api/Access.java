package dev.muster.coordinator.api;

/// Who may call an endpoint.
enum Access {
    /// Anybody who reaches the port.
    ANYBODY,
    /// A member of the fleet in any role; a host also for some days after its certificate has expired.
    MEMBER,
    /// A host that is enrolled and was not thrown out.
    HOST,
    /// An operator.
    OPERATOR
}
