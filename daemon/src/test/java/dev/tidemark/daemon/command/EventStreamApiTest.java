package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Tests the stream of events in the admin API of a whole daemon.
final class EventStreamApiTest extends AdminApiFixture {
    private HttpResponse<Stream<String>> openStream(String query, String... headers) {
        var request = request("/api/v1/events/stream" + query);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofLines());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// Returns the ids of the first events.
    private List<String> firstIds(String query, int count, String... headers) {
        var response = openStream(query, headers);
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(response.headers().firstValue("content-length")).isEmpty();
        try (var lines = response.body()) {
            return lines.filter(line -> line.startsWith("id: "))
                    .map(line -> line.substring("id: ".length()))
                    .limit(count)
                    .toList();
        }
    }

    @Test
    void streams_the_journal_with_the_positions_of_its_pages() {
        call("POST", "/api/v1/sinks/crm/disable");
        call("POST", "/api/v1/sinks/crm/enable");
        await().until(() -> positions().size() == 2);
        var pages = positions();

        assertThat(firstIds("", 2)).isEqualTo(pages);
        assertThat(firstIds("", 1, "Last-Event-ID", pages.getFirst())).containsExactly(pages.getLast());
        assertThat(firstIds("?after=" + pages.getFirst(), 1)).containsExactly(pages.getLast());
    }

    private List<String> positions() {
        return ((List<?>) get("/api/v1/events?limit=2").get("items"))
                .stream()
                        .map(item -> String.valueOf(((Map<?, ?>) item).get("position")))
                        .toList();
    }

    @Test
    void a_stream_refuses_what_a_page_refuses() {
        assertThat(problem("GET", "/api/v1/events/stream?afer=now", 400).body()).contains("after");
        problem("GET", "/api/v1/events/stream?after=nonsense", 400);
        problem("GET", "/api/v1/events/stream?mailbox=zoe@example.com", 400);
        assertThat(call("GET", "/api/v1/events/stream", "Last-Event-ID", "nonsense")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void open_streams_are_limited_and_a_client_that_leaves_makes_room() {
        var open = new ArrayList<HttpResponse<Stream<String>>>();
        for (var i = 0; i < 100; i++) {
            open.add(openStream("?after=now"));
        }
        try (var refused = openStream("?after=now").body()) {
            assertThat(refused.collect(Collectors.joining())).contains("too-many-streams", "\"limit\":100");
        }

        open.forEach(each -> each.body().close());
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            try (var lines = openStream("?after=now").body()) {
                return lines.findFirst().filter(":"::equals).isPresent();
            }
        });
    }
}
