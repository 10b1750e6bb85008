package dev.muster.agent.limit;

/// Who goes first where there is not enough for all.
public enum Urgency {
    /// Wanted by somebody now.
    FOREGROUND,
    /// Only kept; gets what the others leave.
    BACKGROUND
}
