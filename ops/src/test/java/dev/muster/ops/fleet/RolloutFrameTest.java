package dev.muster.ops.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Json;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class RolloutFrameTest {
    private static final String ROLLOUT = """
            {"id":"r-1","name":"disk","group":"all","state":"running","documents":{"release":"sha256:aa"},
             "hosts":{"all":2,"done":1,"failed":0},"seconds":12.34,"bound":{"seconds":10.0,"multiple":1.234},
             "bottleneck":"upload of the source"}
            """;
    private static final String STATUS = """
            {"hosts":[
              {"id":"h1","site":"paris","state":"ready","labels":{"name":"p1"},"cpu":5,
               "pinned":{"disk":{"release":"sha256:aa"}},"running":{"disk":{"release":"sha256:aa"}},
               "images":{"disk":{"state":"ready","progress":{"done":8,"total":8}}},
               "rate":{"down":0,"up":1048576,"from":{}}},
              {"id":"h2","site":"rome","state":"failed","labels":{"name":"r1"},"cpu":95,
               "pinned":{"disk":{"release":"sha256:aa"}},"running":{},
               "images":{"disk":{"state":"fetching","progress":{"done":4,"total":8}},"web":{"state":"failed"}},
               "rate":{"down":1048576,"up":0,"from":{"h1":1048576}}},
              {"id":"h3","site":"oslo","state":"ready","labels":{},"running":{},
               "pinned":{"disk":{"release":"sha256:bb"}}}]}
            """;

    @Test
    void hostsThatDoNotRunItYetAreShownWithWhoServesThem() throws IOException {
        assertEquals("""
                rollout r-1 of disk to all: running, 1 of 2 hosts run it
                12.3 s so far, 1.23 x the least that links as seen allow (10.0 s); bottleneck: upload of the source

                SITE   HOSTS  READY  PROGRESS                     DOWN       UP         WAN IN     WAN OUT
                paris  1      1      [####################] 100%  -          1.0 MiB/s  -          1.0 MiB/s
                rome   1      0      [##########----------] 50%   1.0 MiB/s  -          1.0 MiB/s  -

                HOST  SITE  STATE     PROGRESS                    DOWN       UP  CPU  SERVED BY
                r1    rome  fetching  [##########----------] 50%  1.0 MiB/s  -   95%  p1 100%""", frame().text(5));
    }

    @Test
    void aLineSaysTheSameInShort() throws IOException {
        assertEquals(
                "rollout r-1 of disk to all: running, 1 of 2 hosts run it, 75 % of the bytes; 12.3 s so far, 1.23 x "
                        + "the least that links as seen allow (10.0 s); bottleneck: upload of the source",
                frame().line());
        assertEquals(2, frame().hosts().size());
    }

    private static RolloutFrame frame() throws IOException {
        return new RolloutFrame(Json.parse("rollout", ROLLOUT), status());
    }

    private static JsonNode status() throws IOException {
        return Json.parse("status", STATUS);
    }
}
