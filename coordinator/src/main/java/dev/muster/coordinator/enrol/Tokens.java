package dev.muster.coordinator.enrol;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Names;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// The join tokens that may still be used. Safe for threads.
public final class Tokens {
    public static final int TOKENS_MAX = 10_000;
    public static final Duration LIFE_MAX = Duration.ofDays(30);

    private static final String PREFIX = "mt-";
    private static final int SECRET_BYTES = 32;

    private final RecordFiles<Token> files;
    private final InstantSource clock;
    private final Map<Hash, Token> tokens = new HashMap<>();
    private final SecureRandom random = new SecureRandom();

    private Tokens(RecordFiles<Token> files, InstantSource clock) {
        this.files = files;
        this.clock = clock;
    }

    public static Tokens open(Path directory, InstantSource clock) throws IOException {
        Tokens tokens = new Tokens(RecordFiles.open(directory, Token.Format.MAGIC, new Token.Format()), clock);
        tokens.files.load().values().forEach(token -> tokens.tokens.put(token.hash(), token));
        return tokens;
    }

    /// A new token, which is shown once.
    ///
    /// @param site where its hosts are, or empty if they may say so themselves
    /// @param labels what its hosts are
    public synchronized String create(int uses, Duration life, String site, SortedMap<String, String> labels)
            throws IOException {
        check(uses, life, site, labels);
        forgetExpired();
        if (tokens.size() >= TOKENS_MAX) {
            throw new BadConfiguration("token: expected fewer than " + TOKENS_MAX + " that can be used, found as many");
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        long expires = clock.millis() + life.toMillis();
        keep(new Token(hashOf(text), uses, expires, new Token.Grant(site, labels), List.of()));
        return text;
    }

    private static void check(int uses, Duration life, String site, SortedMap<String, String> labels)
            throws BadConfiguration {
        if (uses < 1 || uses > Token.USES_MAX || !life.isPositive() || life.compareTo(LIFE_MAX) > 0) {
            throw new BadConfiguration("token: expected 1 to " + Token.USES_MAX + " uses and a life of up to "
                    + LIFE_MAX.toDays() + " days, found " + uses + " and " + life);
        }
        boolean goodLabels =
                labels.entrySet().stream().allMatch(e -> Names.isName(e.getKey()) && Names.isLabelValue(e.getValue()));
        if (!goodLabels || !(site.isEmpty() || Names.isName(site))) {
            throw new BadConfiguration("token: expected the names of a site and labels, found "
                    + Names.printable(site + " " + labels, 200));
        }
    }

    /// Uses the token for this host, if it was not used for it before, and says what it grants.
    ///
    /// @throws Refused [Reason#BAD_TOKEN] if it is unknown, used up or expired: nobody learns which
    synchronized Token.Grant redeem(String text, String host) throws IOException {
        Token token = find(hashOf(text));
        if (token == null || token.expires() <= clock.millis() || !token.isFor(host)) {
            throw new Refused(
                    Reason.BAD_TOKEN,
                    "enrolment: expected a join token that is known, not used up and not expired, found another");
        }
        if (!token.hosts().contains(host)) {
            keep(token.usedBy(host));
        }
        return token.grant();
    }

    /// Compares with every token in the same time, whether one fits or not.
    private @Nullable Token find(Hash hash) {
        Token found = null;
        byte[] wanted = hash.toBytes();
        for (Token token : tokens.values()) {
            if (MessageDigest.isEqual(token.hash().toBytes(), wanted)) {
                found = token;
            }
        }
        return found;
    }

    private void keep(Token token) throws IOException {
        files.put(token.hash().hex(), token);
        tokens.put(token.hash(), token);
    }

    private void forgetExpired() throws IOException {
        long now = clock.millis();
        for (Token token : List.copyOf(tokens.values())) {
            if (token.expires() <= now) {
                files.remove(token.hash().hex());
                tokens.remove(token.hash());
            }
        }
    }

    private static Hash hashOf(String text) {
        return Hash.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
