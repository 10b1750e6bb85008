package dev.muster.coordinator.api;

/// Who may call an endpoint.
enum Access {
    /// Anybody who reaches the port.
    ANYBODY,
    /// A member of the fleet in any role; a host also for some days after its certificate has expired.
    MEMBER,
    /// A host that is enrolled and was not thrown out.
    HOST,
    /// Another coordinator.
    COORDINATOR,
    /// Somebody who may look.
    VIEWER,
    /// Who may also give orders.
    OPERATOR,
    /// Who may also say who is a member, and bring what keys have signed.
    ADMIN
}
