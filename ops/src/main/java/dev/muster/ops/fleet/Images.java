package dev.muster.ops.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Table;
import dev.muster.protocol.config.Units;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Releases for people, from what a coordinator says of them.
public final class Images {
    private Images() {}

    public static String table(JsonNode images) {
        Table table = new Table("IMAGE", "SIZE", "CREATED", "COPIES", "KEEPERS", "MANIFEST", "RELEASE", "");
        for (JsonNode image : images) {
            table.row(
                    image.path("image").asText(),
                    size(image),
                    created(image),
                    image.path("copies").asText(),
                    image.path("keepers").asText(),
                    brief(image.path("manifest").asText()),
                    brief(image.path("release").asText()),
                    image.path("retired").asBoolean() ? "retired" : "");
        }
        return table.toString();
    }

    public static String detail(JsonNode image) {
        Table artifacts = new Table("ROLE", "SIZE", "MANIFEST", "CONTENT");
        for (JsonNode artifact : image.path("artifacts")) {
            artifacts.row(
                    artifact.path("role").asText(),
                    Units.humanBytes(artifact.path("length").asLong()),
                    artifact.path("manifest").asText(),
                    artifact.path("content").asText());
        }
        return """
                image    %s
                release  %s
                number   %d
                created  %s
                copies   %s

                %s""".formatted(
                        image.path("image").asText(),
                        image.path("release").asText(),
                        image.path("counter").asLong(),
                        created(image),
                        copies(image),
                        artifacts);
    }

    /// Who has it, in words.
    private static String copies(JsonNode image) {
        String copies = image.path("copies").asText();
        if (image.path("retired").asBoolean()) {
            return copies + "; it is retired: no host need keep it";
        }
        return copies + "; of " + image.path("keepers").asText() + " hosts that keep it, "
                + image.path("coming").asText() + " do not have it yet";
    }

    /// As many digits of a hash as suffice to name it.
    public static String brief(String hash) {
        return hash.substring(0, Math.min(hash.length(), "sha256:".length() + 12));
    }

    private static String size(JsonNode image) {
        long bytes = 0;
        for (JsonNode artifact : image.path("artifacts")) {
            bytes += artifact.path("length").asLong();
        }
        return Units.humanBytes(bytes);
    }

    private static String created(JsonNode image) {
        return Instant.ofEpochMilli(image.path("created").asLong())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }
}
