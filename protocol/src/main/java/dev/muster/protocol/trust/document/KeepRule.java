package dev.muster.protocol.trust.document;

import java.util.List;
import java.util.regex.Pattern;

/// Of which names a host keeps every release until it is retired.
///
/// As text: nothing, `all`, or names separated by commas, where `*` stands for any part of a name: `debian,win-*`.
///
/// @param patterns at most [#PATTERNS_MAX]; a name that one of them fits is kept
public record KeepRule(List<String> patterns) {
    public static final int PATTERNS_MAX = 32;

    /// Of the text.
    public static final int BYTES_MAX = PATTERNS_MAX * (Names.LABEL_BYTES_MAX + 1);

    private static final String ALL_TEXT = "all";
    private static final Pattern PATTERN = Pattern.compile("[a-z0-9*][a-z0-9._*-]{0,63}");

    public static final KeepRule NOTHING = new KeepRule(List.of());
    public static final KeepRule ALL = new KeepRule(List.of("*"));

    public KeepRule {
        patterns = List.copyOf(patterns);
        if (patterns.size() > PATTERNS_MAX) {
            throw new IllegalArgumentException("expected at most " + PATTERNS_MAX + " names, found " + patterns.size());
        }
        for (String pattern : patterns) {
            if (!PATTERN.matcher(pattern).matches()) {
                throw new IllegalArgumentException("expected all, or names of a-z 0-9 . _ - in which * is any part, "
                        + "separated by commas, found " + Names.printable(pattern, 80));
            }
        }
    }

    /// @throws IllegalArgumentException if the text has another form
    public static KeepRule parse(String text) {
        if (text.isBlank()) {
            return NOTHING;
        }
        if (text.strip().equals(ALL_TEXT)) {
            return ALL;
        }
        return new KeepRule(
                List.of(text.split(",", -1)).stream().map(String::strip).toList());
    }

    public boolean isNothing() {
        return patterns.isEmpty();
    }

    /// Whether releases of that name are kept.
    public boolean keeps(String name) {
        return patterns.stream().anyMatch(pattern -> fits(pattern, name));
    }

    /// Steps back to the last star only, so that no pattern takes longer than its length times that of the name.
    private static boolean fits(String pattern, String name) {
        int p = 0;
        int star = -1;
        int resume = 0;
        for (int n = 0; n < name.length(); ) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        return pattern.substring(p).chars().allMatch(c -> c == '*');
    }

    /// What [#parse] reads.
    @Override
    public String toString() {
        return equals(ALL) ? ALL_TEXT : String.join(",", patterns);
    }
}
