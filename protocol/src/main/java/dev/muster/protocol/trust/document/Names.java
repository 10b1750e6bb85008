package dev.muster.protocol.trust.document;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/// The forms that names, labels and lists of hosts take, everywhere.
public final class Names {
    public static final int HOSTS_MAX = 1000;
    public static final int LABEL_BYTES_MAX = 64;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern LABEL_VALUE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,63}");

    private Names() {}

    /// Whether this can be the name of a fleet, image, version, product, group, site, label or host.
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /// Whether this can be the value of a label.
    public static boolean isLabelValue(String text) {
        return LABEL_VALUE.matcher(text).matches();
    }

    /// The name itself.
    ///
    /// @param what whose name, for the message: `version`
    /// @throws IllegalArgumentException for anything else
    public static String require(String what, String text) {
        if (!isName(text)) {
            throw new IllegalArgumentException(
                    what + ": expected up to 64 of a-z 0-9 . _ -, beginning with a letter or digit, found "
                            + printable(text, 80));
        }
        return text;
    }

    /// The text without control characters, cut to at most `bytesMax` bytes of UTF-8.
    public static String printable(String text, int bytesMax) {
        StringBuilder out = new StringBuilder();
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int shown = Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? ' ' : c;
            bytes += Character.toString(shown).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > bytesMax) {
                break;
            }
            out.appendCodePoint(shown);
            i += Character.charCount(c);
        }
        return out.toString();
    }

    /// An immutable copy of 1 to [#HOSTS_MAX] host ids, which must be ascending and none twice.
    static List<String> hosts(List<String> hosts) {
        List<String> copy = List.copyOf(hosts);
        if (copy.isEmpty() || copy.size() > HOSTS_MAX) {
            throw new IllegalArgumentException("expected 1 to " + HOSTS_MAX + " hosts, found " + copy.size());
        }
        for (int i = 0; i < copy.size(); i++) {
            require("host", copy.get(i));
            if (i > 0 && copy.get(i - 1).compareTo(copy.get(i)) >= 0) {
                throw new IllegalArgumentException("hosts must be ascending and none twice: " + copy.get(i));
            }
        }
        return copy;
    }
}
