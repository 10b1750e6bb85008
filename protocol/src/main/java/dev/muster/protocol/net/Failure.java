package dev.muster.protocol.net;

import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// How a [MusterException] goes over HTTP, in response headers: `Muster-Exit`, `Muster-Reason`, and `Muster-Message`
/// in the URL's encoding. So every answer carries its failure, whatever its body is.
///
/// @param exit the documented exit code of the command line
/// @param reason of a refusal, or empty
public record Failure(int exit, String reason, String message) {
    public static final String EXIT_HEADER = "Muster-Exit";
    public static final String REASON_HEADER = "Muster-Reason";
    public static final String MESSAGE_HEADER = "Muster-Message";

    private static final int MESSAGE_LENGTH_MAX = 2000;

    public static Failure of(MusterException e) {
        String reason = e instanceof Refused refused ? refused.reason().name() : "";
        String message = String.valueOf(e.getMessage());
        return new Failure(exitOf(e), reason, message.substring(0, Math.min(message.length(), MESSAGE_LENGTH_MAX)));
    }

    /// The status code that fits best, for other programs than ours.
    public int httpStatus() {
        return switch (exit) {
            case 2 -> 400;
            case 10 -> 404;
            case 11 -> 403;
            case 12 -> 422;
            case 13 -> 503;
            case 14 -> 409;
            case 15 -> 507;
            default -> 500;
        };
    }

    public String messageHeader() {
        return URLEncoder.encode(message, StandardCharsets.UTF_8);
    }

    /// The failure in these header values, if that is what they are.
    static Optional<Failure> parse(String exit, String reason, String message) {
        try {
            return Optional.of(
                    new Failure(Integer.parseInt(exit), reason, URLDecoder.decode(message, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    MusterException toException() {
        return switch (exit) {
            case 2 -> new BadConfiguration(message);
            case 10 -> new Unknown(message);
            case 11 -> new Refused(reasonOr(Reason.NOT_ALLOWED), message);
            case 12 -> new Corrupt(message);
            case 14 -> new TargetRefused(message);
            case 15 -> new StoreRefused(message);
            default -> new Unreachable(message);
        };
    }

    private Reason reasonOr(Reason fallback) {
        return Arrays.stream(Reason.values())
                .filter(r -> r.name().equals(reason))
                .findFirst()
                .orElse(fallback);
    }

    private static int exitOf(MusterException e) {
        return switch (e) {
            case BadConfiguration _ -> 2;
            case Unknown _ -> 10;
            case Refused _ -> 11;
            case Corrupt _ -> 12;
            case Unreachable _ -> 13;
            case TargetRefused _ -> 14;
            case StoreRefused _ -> 15;
        };
    }
}
