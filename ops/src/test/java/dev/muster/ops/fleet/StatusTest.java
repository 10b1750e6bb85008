package dev.muster.ops.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Json;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StatusTest {
    private static final String STATUS = """
            {"hosts":[
              {"id":"h0123456789abcdef","site":"paris","state":"ready","labels":{"name":"p1"},"cpu":12,
               "running":{"disk":{"release":"sha256:aa"}},"images":{"disk":{"state":"ready"},"web":{"state":"failed"}},
               "progress":{"done":0,"total":0},"sent":512,"error":"",
               "received":{"source":1024,"site":1024,"wan":0},"rate":{"down":0,"up":3145728,"from":{}}},
              {"id":"h2","site":"rome","state":"fetching","labels":{},"cpu":34,
               "running":{"disk":{"release":"sha256:0123456789abcdef"}},"images":{"disk":{"state":"fetching"}},
               "progress":{"done":1,"total":2},"sent":0,"error":"no room",
               "received":{"source":0,"site":0,"wan":0},
               "rate":{"down":4194304,"up":0,"from":{"h0123456789abcdef":3145728,"h3":1048576}}}],
             "sites":[{},{}],"coordinators":[{}],"swarms":[]}
            """;

    @Test
    void hostsAreRowsWithWhatTheyRunAndHowFarTheyAre() throws IOException {
        assertEquals("""
                HOST  ID            SITE   STATE              RUNNING              PROGRESS                    \
                RECEIVED  SENT
                p1    h0123456789a  paris  ready, web failed  disk:1               -                           \
                2.0 KiB   512 B
                h2    h2            rome   fetching           sha256:0123456789ab  [##########----------] 50%  \
                0 B       0 B    no room

                hosts: 1 fetching, 1 ready
                running: 1 disk:1, 1 sha256:0123456789ab
                2 sites, 1 coordinators, 0 swarms""", Status.text(status(), Map.of("sha256:aa", "disk:1")));
    }

    @Test
    void whoLooksOnSeesSitesRatesAndWhoServesWhom() throws IOException {
        assertEquals("""
                SITE   HOSTS  READY  PROGRESS                    DOWN       UP         WAN IN     WAN OUT
                paris  1      1      -                           -          3.0 MiB/s  -          3.0 MiB/s
                rome   1      0      [##########----------] 50%  4.0 MiB/s  -          3.0 MiB/s  -

                HOST  SITE   STATE              RUNNING              PROGRESS                    DOWN       UP         \
                CPU  SERVED BY
                p1    paris  ready, web failed  disk:1               -                           -          3.0 MiB/s  \
                12%
                h2    rome   fetching           sha256:0123456789ab  [##########----------] 50%  4.0 MiB/s  -          \
                34%  p1 75%, h3 25%

                hosts: 1 fetching, 1 ready""", Status.frame(status(), Map.of("sha256:aa", "disk:1"), 10));
        assertEquals("hosts: 1 fetching, 1 ready; 4.0 MiB/s received", Status.line(status()));
    }

    private static JsonNode status() throws IOException {
        return Json.parse("status", STATUS);
    }
}
