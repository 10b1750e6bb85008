package dev.muster.ops.fleet;

/// A part of a whole, drawn: `[#####-----] 50%`.
final class Bar {
    private static final int WIDTH = 20;

    private Bar() {}

    static String of(long done, long total) {
        if (total <= 0) {
            return "-";
        }
        double part = Math.min(total, done) / (double) total;
        int full = (int) (WIDTH * part);
        return "[" + "#".repeat(full) + "-".repeat(WIDTH - full) + "] " + (int) (100 * part) + "%";
    }
}
