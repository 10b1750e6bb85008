package dev.muster.protocol.wire;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import java.util.regex.Pattern;

/// The rule for what fleets, hosts and sites are called: `[a-z0-9][a-z0-9._-]{0,63}`. Such a name can stand in a path,
/// a log line and a certificate as it is.
public final class Name {
    public static final int LENGTH_MAX = 64;

    private static final String FORM = "[a-z0-9][a-z0-9._-]{0,63}";
    private static final Pattern RULE = Pattern.compile(FORM);

    private Name() {}

    /// The name itself.
    ///
    /// @param what is called so, for the message: `host id`
    /// @throws IllegalArgumentException if it breaks the rule
    public static String checked(String what, String name) {
        if (!RULE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    what + ": expected " + FORM + ", found " + name.length() + " other characters");
        }
        return name;
    }

    public static String read(ByteReader in) throws Corrupt {
        String name = in.text(LENGTH_MAX);
        if (!RULE.matcher(name).matches()) {
            throw in.refuse("a name " + FORM, name.length() + " other characters");
        }
        return name;
    }
}
