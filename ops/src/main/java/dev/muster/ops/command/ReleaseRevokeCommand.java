package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster release revoke`: no host goes to a release any more.
@Command(
        name = "revoke",
        description = {
            "Take a release back, or with --floor all of its name that are older: no host goes there any more, whoever",
            "pins it. Hosts that run it go on until they are pinned to another."
        },
        footer = {
            "",
            "Example:",
            "  muster release revoke debian:2 --keys fleet/keys --operator fleet/operator",
            "  muster release revoke debian:3 --floor --keys fleet/keys --operator fleet/operator"
        })
final class ReleaseRevokeCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "REF", description = "The release.")
    private String ref = "";

    @Option(names = "--floor", description = "Not this one, but all of its name that are older.")
    private boolean floor;

    @Mixin
    private ListOptions list = new ListOptions();

    ReleaseRevokeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (Operator operator = invocation.operator()) {
            JsonNode image = operator.image(ref);
            String name = image.path("image").asText();
            long counter = image.path("counter").asLong();
            Hash release = Hash.parse(image.path("release").asText());
            long now = System.currentTimeMillis();
            String family = name.substring(0, name.indexOf(':'));
            JsonNode answer = list.change(
                    invocation,
                    operator,
                    known -> floor ? known.withFloor(family, counter, now) : known.withRelease(release, now));
            String what = floor ? "no " + family + " older than " + name + " is run" : name + " is revoked";
            invocation.output().result(answer, list.text(answer, what));
        }
        return Commands.done();
    }
}
