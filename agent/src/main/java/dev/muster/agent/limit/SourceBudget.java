package dev.muster.agent.limit;

/// How much a host that had all of an image from the start sends of it. The budget is hard: what is granted is
/// spent before it is sent. Its last twentieth is for chunks that nobody else has, so that the others can
/// always finish. Safe for threads.
public final class SourceBudget {
    private static final int RESERVED_PART = 20;

    private final long imageBytes;
    private long spent;
    private boolean refused;

    /// @param imageBytes what one copy takes of the wire
    public SourceBudget(long imageBytes) {
        this.imageBytes = imageBytes;
    }

    /// Whether so much more may be sent; then it counts as sent.
    ///
    /// @param copies the budget now, in copies of the image; 0: no limit
    /// @param sole whether no other holder of it is known
    public synchronized boolean grant(long bytes, boolean sole, double copies) {
        long total = total(copies);
        boolean granted = copies == 0 || spent + bytes <= (sole ? total : total - total / RESERVED_PART);
        spent += granted ? bytes : 0;
        refused = !granted || (refused && copies != 0 && spent + bytes > total - total / RESERVED_PART);
        return granted;
    }

    /// Whether somebody was refused, and would be again.
    public synchronized boolean isUsedUp() {
        return refused;
    }

    /// What was granted so far.
    public synchronized long spent() {
        return spent;
    }

    private long total(double copies) {
        return Math.round(imageBytes * copies);
    }
}
