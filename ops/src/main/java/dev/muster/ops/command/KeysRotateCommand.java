package dev.muster.ops.command;

import dev.muster.ops.ceremony.Paper;
import dev.muster.ops.ceremony.Rotation;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.trust.document.KeyRole;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.key.VerifyKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster keys rotate`: the next root, to be signed.
@Command(
        name = "rotate",
        description = {
            "Write the fleet's next root, with other keys for one role, into a file that the root keys then sign.",
            "A key that is dropped loses all that only it has numbered: so a stolen one does no more harm."
        },
        footer = {
            "",
            "Example:",
            "  muster keys rotate release --add anna.pub --add bert.pub --threshold 2 --out root-2.request",
            "  muster keys rotate director --drop key:0123456789ab --add director-next.pub --out root-3.request"
        })
final class KeysRotateCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "ROLE", description = "root, release, director or freshness.")
    private String role = "";

    @Option(names = "--add", paramLabel = "FILE", description = "A public half (NAME.pub). May be repeated.")
    private List<Path> add = new ArrayList<>();

    @Option(names = "--drop", paramLabel = "KEY", description = "The first digits of a key's id. May be repeated.")
    private List<String> drop = new ArrayList<>();

    @Option(names = "--threshold", paramLabel = "M", description = "How many of the keys must sign.")
    private @Nullable Integer threshold;

    @Option(names = "--offline", description = "Directors that are added are kept offline, for the worst day.")
    private boolean offline;

    @Option(
            names = "--ceiling",
            paramLabel = "PERCENT",
            description = "No pin moves more of the fleet's hosts in an hour, whoever signed it; 0: no ceiling.")
    private @Nullable Integer ceiling;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to write the next root.")
    private Path out = Path.of("");

    KeysRotateCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        List<VerifyKey> keys = new ArrayList<>();
        for (Path file : add) {
            keys.add(VerifyKey.load(file));
        }
        Rotation rotation = new Rotation(
                keyRole(), keys, drop, threshold == null ? OptionalInt.empty() : OptionalInt.of(threshold));
        try (Operator operator = invocation.operator()) {
            Root now = operator.root();
            Root next = rotation.apply(now, offline, terms(now.terms()), System.currentTimeMillis());
            Paper paper = new Paper(next.sign(List.of()));
            paper.write(out);
            paper.describe().forEach(invocation.output()::note);
            invocation
                    .output()
                    .result(
                            Json.object()
                                    .put("root", next.number())
                                    .put("document", paper.envelope().hash().toString())
                                    .put("file", out.toString()),
                            "root " + next.number() + " awaits signatures by the root keys of root " + now.number()
                                    + " and of itself: muster keys sign " + out + " --keys DIR, then muster keys submit "
                                    + out);
        }
        return Commands.done();
    }

    private Root.Terms terms(Root.Terms now) throws BadConfiguration {
        if (ceiling == null) {
            return now;
        }
        if (ceiling < 0 || ceiling > 100) {
            throw new BadConfiguration("--ceiling: expected 0 to 100 percent, found " + ceiling);
        }
        return new Root.Terms(now.caRoot(), ceiling * 10_000, now.graceDays());
    }

    private KeyRole keyRole() throws BadConfiguration {
        return Arrays.stream(KeyRole.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(role))
                .findFirst()
                .orElseThrow(() -> new BadConfiguration(
                        "keys: expected one of root, release, director, freshness, found " + role));
    }
}
