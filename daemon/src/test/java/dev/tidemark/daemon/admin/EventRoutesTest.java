package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.config.YamlJsonCodec;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.JournalPosition;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests the journal's route with a real store.
class EventRoutesTest {
    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private WatermarkStore store;

    private final AdminRouter router = new AdminRouter();
    private final DaemonLifecycle phase = new DaemonLifecycle();

    @BeforeEach
    void open() {
        var config = new StoreConfig(
                "jdbc:h2:file:" + folder.resolve("t"), "", "", "gw1", true, 1 << 20, Duration.ofMinutes(15));
        var clock = Clock.systemUTC();
        store = StoreFactory.open(config, clock);
        new EventRoutes(store.journal(), store.mailboxes(), event -> "\"" + event.type() + "\"", phase, clock)
                .addTo(router);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void append(String... types) {
        for (var type : types) {
            store.journal().appendInstanceEvent(type, Map.of());
        }
    }

    private AdminReply ask(String... query) {
        var parameters = new LinkedHashMap<String, String>();
        for (var i = 0; i < query.length; i += 2) {
            parameters.put(query[i], query[i + 1]);
        }
        var request = new AdminRequest(
                "GET", "/api/v1/events", parameters, Map.of(), Optional.of("localhost"), Optional.empty());
        try {
            return router.handle(request);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<?> types(AdminReply reply) {
        return ((List<?>) YamlJsonCodec.fromJson(reply.body()).get("items"))
                .stream().map(item -> ((Map<?, ?>) item).get("event")).toList();
    }

    private static String next(AdminReply reply) {
        return String.valueOf(YamlJsonCodec.fromJson(reply.body()).get("next"));
    }

    @Test
    void next_goes_on_where_a_page_ended_even_at_the_end() {
        append("a", "b", "c");

        var first = ask("limit", "2");
        var second = ask("after", next(first));
        var third = ask("after", next(second));
        append("d");

        assertThat(types(first)).asString().isEqualTo("[a, b]");
        assertThat(types(second)).asString().isEqualTo("[c]");
        assertThat(types(third)).isEmpty();
        assertThat(types(ask("after", next(third)))).asString().isEqualTo("[d]");
    }

    @Test
    void a_position_older_than_retention_has_expired_and_says_where_to_go_on() {
        append("a", "b", "c");
        var early = next(ask("limit", "1"));
        store.journal().prune(Clock.systemUTC().instant().plusSeconds(60), new JournalPosition(2), 100);
        assertThat(store.journal().oldest()).isEqualTo(new JournalPosition(2));

        var expired = ask("after", early);

        assertThat(expired.status()).isEqualTo(410);
        var problem = YamlJsonCodec.fromJson(expired.body());
        assertThat(problem).containsEntry("type", "https://tidemark.dev/problems/position-expired");
        assertThat(types(ask("after", String.valueOf(problem.get("oldest")))))
                .asString()
                .isEqualTo("[c]");
    }

    @Test
    void now_begins_at_the_end_and_recent_a_little_before() {
        append("a");
        assertThat(types(ask("after", "now"))).isEmpty();
        assertThat(types(ask("after", "recent"))).hasSize(1);
    }

    @Test
    void what_does_not_match_does_not_end_the_wait() throws Exception {
        var answer = CompletableFuture.supplyAsync(
                () -> ask("after", "now", "wait", "30", "type", "dev.tidemark.sink.*,dev.tidemark.ping"));
        while (!answer.isDone()) {
            append("other", "sink.failing");
            Thread.onSpinWait();
        }
        assertThat(types(answer.get())).isNotEmpty().allMatch("sink.failing"::equals);
    }

    @Test
    void a_type_that_no_event_has_is_400_and_does_not_wait() {
        var answer = ask("after", "now", "wait", "3540", "type", "mailbox.message.received");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("the nearest that does is dev.tidemark.mailbox.message.received");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|below its lowest value, 1",
                "-99999999999|below its lowest value, 1",
                "3541|above its highest value, 3540",
                "99999999999|above its highest value, 3540"
            })
    void a_wait_out_of_its_limits_is_400_and_names_the_nearest(String wait, String limit) {
        var answer = ask("after", "now", "wait", wait);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains(limit);
    }

    @Test
    void a_wait_without_news_ends_empty_and_at_once_when_the_daemon_stops() {
        assertThat(types(ask("after", "now", "wait", "1"))).isEmpty();
        phase.stop();
        assertThat(types(ask("after", "now", "wait", "3540"))).isEmpty();
    }

    @Test
    void added_keeps_lifecycle_out() {
        append("sink.failing");
        var page = ask("added", "true");
        assertThat(types(page)).isEmpty();
        assertThat(next(page)).isEqualTo(next(ask("after", "now")));
    }
}
