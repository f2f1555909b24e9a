package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionPrunerTest {
    private static final CompensatorConfig.Retention CONFIG =
            new CompensatorConfig.Retention(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(30));

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T09:00:00Z"));
    private WatermarkStore store;

    @BeforeEach
    void open() {
        store = StoreFactory.open(
                new StoreConfig(
                        "jdbc:h2:file:" + folder.resolve("tidemark"), "sa", "", "gw1", true, 0, Duration.ofMinutes(15)),
                clock);
        store.deliveries().open(new SinkName("crm"));
        store.journal().appendInstanceEvent("ping", Map.of());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void what_a_sink_still_misses_is_kept_past_retention() {
        clock.advance(Duration.ofDays(8));
        run();
        assertThat(events()).isOne();
    }

    @Test
    void not_for_ever_though() {
        clock.advance(Duration.ofDays(31));
        run();
        assertThat(events()).isZero();
    }

    @Test
    void a_stop_is_heeded_between_steps() {
        clock.advance(Duration.ofDays(31));
        new RetentionPruner(store, CONFIG, clock, () -> true).run();
        assertThat(events()).isOne();
    }

    @Test
    void it_looks_the_more_often_the_less_is_kept() {
        assertThat(new RetentionPruner(store, CONFIG, clock, () -> false).interval())
                .isEqualTo(Duration.ofMinutes(10));
        assertThat(every(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(6));
        assertThat(every(Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(1));
    }

    private Duration every(Duration undelivered) {
        var config = new CompensatorConfig.Retention(Duration.ofDays(7), undelivered, Duration.ofDays(30));
        return new RetentionPruner(store, config, clock, () -> false).interval();
    }

    private void run() {
        new RetentionPruner(store, CONFIG, clock, () -> false).run();
    }

    private int events() {
        return store.journal().read(JournalPosition.START, 10).size();
    }
}
