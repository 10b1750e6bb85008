package dev.muster.ops.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.ops.ceremony.KeyRing;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.Table;
import dev.muster.protocol.trust.document.KeyRole;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Signers;
import dev.muster.protocol.trust.key.KeyId;
import dev.muster.protocol.trust.key.Passphrase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `muster keys list`: the keys of a directory, and what the fleet's root lets keys do.
@Command(
        name = "list",
        description = "List the keys of --keys DIR, and with --operator DIR what the fleet's root lets which key do.",
        footer = {"", "Example:", "  muster keys list --keys fleet/keys --operator fleet/operator"})
final class KeysListCommand implements Callable<Integer> {
    private final Invocation invocation;

    KeysListCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        ObjectNode json = Json.object();
        List<String> text = new ArrayList<>();
        if (invocation.optionalKeys().isPresent()) {
            KeyRing ring = KeyRing.open(invocation.keys(), Passphrase.none());
            Table table = new Table("FILE", "KEY", "LOCKED", "ALGORITHMS");
            ArrayNode files = json.putArray("files");
            for (KeyRing.Entry entry : ring.entries()) {
                String id = entry.key().id().toString();
                String algorithms = entry.key().algorithms().toString();
                table.row(entry.file().toString(), id, entry.locked() ? "yes" : "no", algorithms);
                files.addObject()
                        .put("file", entry.file().toString())
                        .put("key", id)
                        .put("locked", entry.locked());
            }
            text.add(table.toString());
        }
        Optional<Root> root = root();
        root.ifPresent(known -> {
            Table table = new Table("ROLE", "NEEDED", "KEY");
            json.put("root", known.number());
            ObjectNode roles = json.putObject("roles");
            for (KeyRole role : KeyRole.values()) {
                Signers signers = known.signers(role);
                String name = role.name().toLowerCase(Locale.ROOT);
                ObjectNode entry = roles.putObject(name).put("threshold", signers.threshold());
                ArrayNode keys = entry.putArray("keys");
                for (KeyId key : signers.keys().keySet()) {
                    String needed =
                            signers.threshold() + " of " + signers.keys().size();
                    table.row(name, needed, key.toString());
                    keys.add(key.toString());
                }
            }
            text.add("root " + known.number() + " of fleet " + known.fleet() + "\n" + table);
        });
        invocation.output().result(json, String.join("\n\n", text));
        return Commands.done();
    }

    private Optional<Root> root() throws IOException {
        if (!invocation.isOperator()) {
            return Optional.empty();
        }
        try (Operator operator = invocation.operator()) {
            return Optional.of(operator.root());
        }
    }
}
