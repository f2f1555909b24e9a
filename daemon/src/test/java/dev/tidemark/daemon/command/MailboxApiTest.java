package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

/// Tests mailboxes and their events in the admin API of a whole daemon.
final class MailboxApiTest extends AdminApiFixture {
    @Test
    void lists_mailboxes_in_pages() {
        var first = get("/api/v1/mailboxes?limit=1");
        assertThat(items(first)).hasSize(1);
        var second = get("/api/v1/mailboxes?limit=1&after=" + first.get("next"));
        assertThat(items(second)).hasSize(1).doesNotContainAnyElementsOf(items(first));
        assertThat(second).containsEntry("next", null);
        assertThat(items(get("/api/v1/mailboxes?q=ADA"))).hasSize(1);
        assertThat(items(get("/api/v1/mailboxes?state=paused"))).isEmpty();
        assertThat(get("/api/v1/mailboxes/Ada@Example.com"))
                .containsEntry("address", "ada@example.com")
                .containsKeys("id", "group", "state", "subscriptionId", "watermark", "watermarkAt", "lastHeardAt")
                .containsKeys("silentAt", "origin", "lastError");
    }

    @Test
    void pauses_and_resumes_and_records_it_in_the_journal() {
        var one = "/api/v1/mailboxes/ada@example.com";
        var next = get("/api/v1/events?after=now").get("next");
        assertThat(call("POST", one + "/pause").body()).contains("\"state\":\"paused\"");
        problem("POST", one + "/pause", 409);
        problem("POST", one + "/resubscribe", 409);

        var page = get("/api/v1/events?wait=30&type=dev.tidemark.mailbox.p*&mailbox=ada@example.com&after=" + next);

        assertThat(items(page)).singleElement().asString().contains("dev.tidemark.mailbox.paused", "ada@example.com");
        assertThat(items(get("/api/v1/events?type=dev.tidemark.mailbox.p*&after=" + page.get("next"))))
                .isEmpty();
        assertThat(call("POST", one + "/resume").statusCode()).isEqualTo(202);
        assertThat(call("POST", one + "/resync").statusCode()).isEqualTo(202);
    }

    @Test
    void an_unknown_word_is_refused_with_the_allowed_ones() {
        assertThat(problem("GET", "/api/v1/mailboxes?state=bogus", 400).body()).contains("subscribing, active, silent");
        assertThat(problem("GET", "/api/v1/events?added=maybe", 400).body()).contains("true, false");
        call("POST", "/api/v1/sinks/crm/disable");
        call("POST", "/api/v1/sinks/crm/enable");
        await().untilAsserted(() ->
                assertThat(items(get("/api/v1/events?added=false&limit=1"))).hasSize(1));
    }

    @Test
    void the_reason_of_the_operator_reaches_the_sinks_and_the_history() {
        var one = "/api/v1/mailboxes/bob@example.com";
        var next = get("/api/v1/events?after=now").get("next");
        problem("POST", one + "/pause?reason=" + "x".repeat(201), 400);
        problem("POST", one + "/pause?reason=a%0Ab", 400);
        assertThat(call("POST", one + "/pause?reason=he%20moves").statusCode()).isEqualTo(202);
        // except during a subscription
        await().untilAsserted(() -> assertThat(get(one).get("next")).asString().contains("what=nothing", "why=paused"));
        assertThat(call("POST", one + "/resume?reason=he%20moved").statusCode()).isEqualTo(202);

        assertThat(items(get("/api/v1/events?type=dev.tidemark.mailbox.paused&after=" + next)))
                .singleElement()
                .asString()
                .contains("reason=operator", "cause=he moves");
        assertThat(get(one).get("history"))
                .asString()
                .contains("type=mailbox.resumed", "cause=he moved", "type=mailbox.paused", "cause=he moves");
        assertThat(get(one).get("next")).asString().contains("what=", "at=", "why=");
    }
}
