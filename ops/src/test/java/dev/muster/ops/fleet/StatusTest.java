package dev.muster.ops.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Json;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StatusTest {
    @Test
    void hostsAreRowsWithWhatTheyRunAndHowFarTheyAre() throws IOException {
        JsonNode status = Json.parse("status", """
                {"hosts":[
                  {"id":"h1","site":"paris","state":"ready",
                   "running":{"disk":{"release":"sha256:aa"}},
                   "progress":{"done":0,"total":0},"sent":512,"error":"",
                   "received":{"source":1024,"site":1024,"wan":0}},
                  {"id":"h2","site":"rome","state":"failed",
                   "running":{"disk":{"release":"sha256:0123456789abcdef"}},
                   "progress":{"done":1,"total":2},"sent":0,"error":"no room",
                   "received":{"source":0,"site":0,"wan":0}}],
                 "sites":[{},{}],"coordinators":[{}],"swarms":[]}
                """);

        assertEquals("""
                HOST  SITE   STATE   RUNNING              PROGRESS                    RECEIVED  SENT
                h1    paris  ready   disk:1               -                           2.0 KiB   512 B
                h2    rome   failed  sha256:0123456789ab  [##########----------] 50%  0 B       0 B    no room

                hosts: 1 failed, 1 ready
                running: 1 disk:1, 1 sha256:0123456789ab
                2 sites, 1 coordinators, 0 swarms""", Status.text(status, Map.of("sha256:aa", "disk:1")));
    }
}
