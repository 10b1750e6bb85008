package dev.muster.ops.command;

import dev.muster.agent.AgentConfig;
import dev.muster.agent.enrol.Invitation;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.config.Settings;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a host is told at its first start; later starts do not need it.
final class JoinOptions {
    private static final int TOKEN_BYTES_MAX = 1024;

    @Option(
            names = "--coordinator",
            paramLabel = "HOST:PORT",
            split = ",",
            description = "Where the fleet's coordinators answer.")
    private List<Address> coordinators = new ArrayList<>();

    @Option(names = "--token-file", paramLabel = "FILE", description = "A file with a join token; - is standard input.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The join token itself. Everybody on this host can see it: prefer --token-file.")
    private @Nullable String token;

    @Option(names = "--root", paramLabel = "sha256:HEX", description = "The hash of the fleet's root document.")
    private @Nullable Hash root;

    @Option(names = "--address", paramLabel = "IP", description = "Where peers reach this host.")
    private @Nullable String address;

    @Option(names = "--site", paramLabel = "SITE", defaultValue = "", description = "Where it stands.")
    private String site = "";

    @Option(names = "--label", paramLabel = "NAME=VALUE", description = "What it is. May be repeated.")
    private Map<String, String> labels = new TreeMap<>();

    /// The settings of a home, as they count now.
    Settings settings(Invocation invocation, Path home) throws IOException {
        List<String> overrides = new ArrayList<>();
        if (address != null) {
            overrides.add("address=" + address);
        }
        overrides.addAll(invocation.settings());
        return Settings.read(
                home.resolve(AgentConfig.FILE), overrides, invocation.shell().environment());
    }

    /// A later start listens where this one did, unless somebody has written another address down.
    void keepAddress(Path home) throws IOException {
        Path file = home.resolve(AgentConfig.FILE);
        if (address != null && !Files.exists(file)) {
            DurableFile.write(file, ("address = " + address + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /// @param address where peers will reach this host
    Invitation invitation(Invocation invocation, String address) throws IOException {
        Hash pinned = root;
        if (coordinators.isEmpty() || pinned == null || (token == null && tokenFile == null)) {
            throw new BadConfiguration("agent: its first start needs --coordinator HOST:PORT, --token-file FILE and "
                    + "--root sha256:HEX, found " + found() + "; make a token: muster token --operator DIR");
        }
        return new Invitation(coordinators, secret(invocation), pinned, address, site, new TreeMap<>(labels));
    }

    private String found() {
        List<String> found = new ArrayList<>();
        if (!coordinators.isEmpty()) {
            found.add("--coordinator");
        }
        if (token != null || tokenFile != null) {
            found.add("a token");
        }
        if (root != null) {
            found.add("--root");
        }
        return found.isEmpty() ? "none of them" : "only " + String.join(" and ", found);
    }

    private String secret(Invocation invocation) throws IOException {
        if (tokenFile == null) {
            invocation
                    .output()
                    .note("a token on the command line can be seen by everybody on this host; "
                            + "--token-file FILE, or - for standard input, hides it");
            return String.valueOf(token);
        }
        byte[] bytes = tokenFile.toString().equals("-")
                ? invocation.shell().in().readNBytes(TOKEN_BYTES_MAX)
                : DurableFile.read(tokenFile, TOKEN_BYTES_MAX);
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            throw new BadConfiguration("token file " + tokenFile + ": expected a join token, found nothing");
        }
        return text;
    }
}
