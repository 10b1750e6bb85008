package dev.muster.protocol.trust.key;

import dev.muster.protocol.MusterException.Corrupt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The textual form of keys and certificates, RFC 7468.
final class Pem {
    static final String PRIVATE_KEY = "PRIVATE KEY";
    static final String LOCKED_PRIVATE_KEY = "ENCRYPTED PRIVATE KEY";
    static final String PUBLIC_KEY = "PUBLIC KEY";
    static final String CERTIFICATE = "CERTIFICATE";
    static final int FILE_BYTES_MAX = 64 * 1024;

    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]{1,32})-----\\n([A-Za-z0-9+/=\\n]*)\\n-----END \\1-----\\n?");

    private final StringBuilder text = new StringBuilder();

    Pem add(String label, byte[] der) {
        text.append("-----BEGIN ").append(label).append("-----\n");
        text.append(BASE64.encodeToString(der));
        text.append("\n-----END ").append(label).append("-----\n");
        return this;
    }

    byte[] toBytes() {
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /// The blocks called `label`, each read by `parse`, in their order. Nothing may stand between blocks.
    ///
    /// @param what the file, for error messages
    static <T> List<T> blocks(String what, byte[] file, String label, Function<byte[], T> parse) throws Corrupt {
        List<T> found = new ArrayList<>();
        String text = new String(file, StandardCharsets.US_ASCII).replace("\r\n", "\n");
        Matcher block = BLOCK.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!block.find(end) || block.start() != end) {
                throw new Corrupt(what + ": expected a PEM block, found other text after " + end + " characters");
            }
            end = block.end();
            if (block.group(1).equals(label)) {
                try {
                    found.add(parse.apply(Base64.getMimeDecoder().decode(block.group(2))));
                } catch (IllegalArgumentException e) {
                    throw new Corrupt(what + ": expected a PEM block " + label + ", found other bytes", e);
                }
            }
        }
        return found;
    }
}
