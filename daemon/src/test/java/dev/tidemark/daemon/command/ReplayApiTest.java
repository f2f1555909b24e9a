package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.daemon.config.YamlJsonCodec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests replays in the admin API of a whole daemon.
final class ReplayApiTest extends AdminApiFixture {
    @Test
    void replays_are_counted_and_ordered() {
        var replay = "/api/v1/sinks/crm/replay";
        assertThat(send(replay, "{\"dryRun\":true}").body()).contains("\"count\":");
        assertThat(send(replay, "{\"from\":\"2001-01-01T00:00:00Z\",\"to\":\"2001-01-02T00:00:00Z\"}")
                        .body())
                .contains("\"count\":0");
        assertThat(send(replay, "{\"mailbox\":\"ada@example.com\",\"type\":\"*\"}")
                        .statusCode())
                .isBetween(200, 202);
        for (var wrong :
                List.of("{\"from\":\"soon\"}", "{\"rate\":0}", "{\"dryRun\":1}", "{\"fro\":\"\"}", "{", "[1]")) {
            assertThat(send(replay, wrong).statusCode()).as(wrong).isEqualTo(400);
        }
        problem("POST", "/api/v1/sinks/none/replay", 404);
        problem("POST", "/api/v1/dead-letters/1/replay", 404);
        problem("POST", "/api/v1/dead-letters/replay?sink=none", 400);
        assertThat(call("POST", "/api/v1/dead-letters/replay").body()).contains("\"count\":0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            {"from":"soon"}                          | from: 'soon' is neither a time like
            {"from":"2026-11-01"}                    | neither a time like 2026-11-01T09:15:00Z
            {"from":"2parsec"}                       | '2parsec' is not a duration
            {"from":""}                              | from is not a text, or is blank
            {"from":"2999-01-01T00:00:00Z"}          | from lies in the future
            {"from":"j1-?"}                          | from is not a position of this journal
            {"to":"j1--1"}                           | to is not a position of this journal
            {"from":"j1-zzzzzz"}                     | from lies beyond the journal's end, j1-
            {"to":"j1-zzzzzz"}                       | to lies beyond the journal's end, j1-
            {"from":"1h","to":"2h"}                  | from lies after to
            {"from":"1h","to":"2001-01-01T00:00:00Z"} | from lies after to
            {"type":"dev.tidemark.mailbox.mesage.*"} | the nearest that does is dev.tidemark.mailbox.message.*
            {"mailbox":"zoe@example.com"}            | no mailbox is called 'zoe@example.com' here
            {"mailbox":"mbx_aaaaaaaaaaaaaaaa"}       | no mailbox has the id 'mbx_aaaaaaaaaaaaaaaa' here
            {"mailbox":"zoe"}                        | 'zoe' is neither a mailbox id nor an address
            {"rate":0}                               | rate is in events per second; send 1 to 10000
            """)
    void an_invalid_replay_request_is_refused_with_the_reason(String order, String detail) {
        var answer = send("/api/v1/sinks/crm/replay", order);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("\"type\":\"https://tidemark.dev/problems/bad-parameter\"", detail);
    }

    @Test
    void a_replay_can_be_seen_and_cancelled() {
        var bob = "{\"mailbox\":\"bob@example.com\",\"from\":\"1h\",\"to\":\"0s\"";
        assertThat(call("POST", "/api/v1/mailboxes/bob@example.com/pause").statusCode())
                .isEqualTo(202);
        assertThat(call("POST", "/api/v1/mailboxes/bob@example.com/resume").statusCode())
                .isEqualTo(202);
        // the sink must read them first
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !send("/api/v1/sinks/crm/replay", bob + ",\"dryRun\":true}")
                        .body()
                        .contains("\"count\":0"));
        var begun = YamlJsonCodec.fromJson(
                send("/api/v1/sinks/crm/replay", bob + ",\"rate\":7}").body());
        var id = String.valueOf(begun.get("replay"));

        // the sink is unreachable
        assertThat(items(get("/api/v1/replays")))
                .filteredOn(item -> item.contains(id))
                .singleElement()
                .asString()
                .contains("sink=crm", "done=0", "total=" + begun.get("count"), "rate=7", "from=j1-", "to=j1-");
        assertThat(command("status")).contains("replay " + id + " to crm: 0 of " + begun.get("count") + " events done");
        assertThat(command("replays", "list")).contains(id);
        assertThat(command("replays", "cancel", id)).contains(id + ": cancelled");
        problem("DELETE", "/api/v1/replays/" + id, 404);
        assertThat(get("/api/v1/replays").get("items")).asString().doesNotContain(id);
    }
}
