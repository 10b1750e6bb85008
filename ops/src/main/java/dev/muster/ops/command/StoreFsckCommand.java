package dev.muster.ops.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.chunkstore.store.Finding;
import dev.muster.chunkstore.store.Fsck;
import dev.muster.chunkstore.store.FsckReport;
import dev.muster.chunkstore.store.RebuildReport;
import dev.muster.chunkstore.store.StoreCounts;
import dev.muster.ops.shell.ExitCode;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.ShownProgress;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.disk.RuntimeDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `muster store fsck`: a store that nobody has open is checked, and rebuilt.
@Command(
        name = "fsck",
        description = {
            "Check the store of this host while no agent runs on it; ends with 12 if anything is wrong.",
            "--rebuild makes a store of whatever chunks, images and refs are right; what is damaged is set "
                    + "aside. What an "
                    + "agent then lacks it gets from its peers."
        },
        footer = {"", "Example:", "  muster store fsck --level 3", "  muster store fsck --rebuild"})
final class StoreFsckCommand implements Callable<Integer> {
    private static final String WHAT_NEXT = "muster store scrub repairs it from peers while the agent runs; if that "
            + "cannot start, muster store fsck --rebuild keeps what is right";

    private final Invocation invocation;

    @Option(
            names = "--level",
            paramLabel = "N",
            defaultValue = "2",
            description = "1: journal, index, images and refs. 2: checksums of all chunks too. 3: every block hashed.")
    private int level;

    @Option(names = "--rebuild", description = "Recover the store from its segments.")
    private boolean rebuild;

    @Option(names = "--store", paramLabel = "DIR", description = "The store, if it is not in the home.")
    private @Nullable Path store;

    StoreFsckCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Path home = invocation.home();
        Path root = store == null ? home.resolve("store") : store;
        Path runtime = RuntimeDirectory.of(home, invocation.shell().environment());
        try (Fsck fsck = Fsck.open(root, runtime);
                ShownProgress progress = invocation.progress()) {
            return rebuild ? rebuild(fsck, progress) : check(fsck, progress);
        }
    }

    private Fsck.Level level() throws BadConfiguration {
        return switch (level) {
            case 1 -> Fsck.Level.INDEX;
            case 2 -> Fsck.Level.RECORDS;
            case 3 -> Fsck.Level.BLOCKS;
            default -> throw new BadConfiguration("--level: expected 1, 2 or 3, found " + level);
        };
    }

    private int check(Fsck fsck, ShownProgress progress) throws IOException {
        FsckReport report = fsck.check(level(), progress);
        progress.end();
        ObjectNode json = Json.object().put("whole", report.isWhole()).put("checkedBytes", report.checkedBytes());
        counts(json, report.counts());
        findings(json, report.findings(), report.unlisted());
        String verdict = "the store is " + (report.isWhole() ? "whole" : "damaged") + ", as far as level " + level
                + " looks" + (report.isWhole() ? "" : "; " + WHAT_NEXT);
        invocation.output().result(json, text(report.findings(), report.counts()) + verdict);
        return report.isWhole() ? Commands.done() : ExitCode.CORRUPT.code();
    }

    private int rebuild(Fsck fsck, ShownProgress progress) throws IOException {
        RebuildReport report = fsck.rebuild(progress);
        progress.end();
        ObjectNode json = Json.object().put("scannedBytes", report.scannedBytes());
        counts(json, report.counts());
        findings(json, report.findings(), report.unlisted());
        ArrayNode aside = json.putArray("setAside");
        report.setAside().forEach(aside::add);
        String kept = report.setAside().isEmpty() ? "" : "; set aside: " + String.join(", ", report.setAside());
        invocation.output().result(json, text(report.findings(), report.counts()) + "the store is rebuilt" + kept);
        return Commands.done();
    }

    private static void counts(ObjectNode json, StoreCounts counts) {
        json.put("segments", counts.segments())
                .put("chunks", counts.chunks())
                .put("images", counts.images())
                .put("refs", counts.refs());
    }

    private static void findings(ObjectNode json, List<Finding> findings, long unlisted) {
        ArrayNode list = json.put("unlisted", unlisted).putArray("findings");
        for (Finding finding : findings) {
            list.addObject()
                    .put("kind", finding.kind().name().toLowerCase(Locale.ROOT))
                    .put("damage", finding.kind().isDamage())
                    .put("what", finding.what())
                    .put("where", finding.where())
                    .put("message", finding.message());
        }
    }

    private static String text(List<Finding> findings, StoreCounts counts) {
        StringBuilder text = new StringBuilder();
        findings.forEach(finding -> text.append(finding).append('\n'));
        return text.append(counts.segments())
                .append(" segments, ")
                .append(counts.chunks())
                .append(" chunks, ")
                .append(counts.images())
                .append(" images, ")
                .append(counts.refs())
                .append(" refs: ")
                .toString();
    }
}
