package dev.muster.ops.command;

import dev.muster.agent.Agent;
import dev.muster.agent.AgentConfig;
import dev.muster.agent.enrol.Member;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.config.Settings;
import dev.muster.protocol.disk.RuntimeDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `muster agent`: runs the agent of a host until it is told to stop.
@Command(
        name = "agent",
        description = "Run the agent of this host. At its first start it joins the fleet.",
        footer = {
            "",
            "Example:",
            "  muster agent --home /var/lib/muster --coordinator 10.0.0.1:7443 --token-file token \\",
            "      --root sha256:HEX --address 10.0.0.7 --site paris",
            "  muster agent --home /var/lib/muster"
        })
final class AgentCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final JoinOptions join = new JoinOptions();

    AgentCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Path home = invocation.home();
        Settings settings = join.settings(invocation, home);
        AgentConfig config = AgentConfig.read(settings);
        settings.finish();
        if (!Member.isEnrolled(home)) {
            Member.enrol(home, join.invitation(invocation, config.address().host()));
        }
        join.keepAddress(home);
        Path runtime = RuntimeDirectory.of(home, invocation.shell().environment());
        try (Member member = Member.load(home);
                Agent agent = Agent.open(home, runtime, config, member)) {
            String host = member.enrolled().host();
            String address = agent.network().address().toString();
            invocation
                    .output()
                    .result(
                            Json.object().put("ready", true).put("id", host).put("address", address),
                            "agent ready: host " + host + " at " + address);
            Commands.awaitStop();
        }
        return Commands.done();
    }
}
