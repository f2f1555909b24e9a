package dev.tidemark.daemon.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests reloads that fail for reasons outside the configuration.
final class ConfigReloaderTest {
    @TempDir
    private Path folder;

    private volatile Instant now = Instant.parse("2026-11-01T09:00:00Z");
    private final InstantSource time = () -> now;
    private final Clock clock = time.withZone(ZoneOffset.UTC);
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile boolean failsEarly;
    private volatile boolean failsLate;

    @SuppressWarnings("NullAway.Init")
    private WatermarkStore store;

    @SuppressWarnings("NullAway.Init")
    private ConfigReloader reloader;

    @BeforeEach
    void open() throws IOException {
        var config = new StoreConfig(
                "jdbc:h2:file:" + folder.resolve("t"), "", "", "gw1", true, 1 << 20, Duration.ofMinutes(15));
        store = StoreFactory.open(config, Clock.systemUTC());
        Files.writeString(folder.resolve("list.txt"), "ada@example.com\n");
        var text = TestDaemonConfig.TEXT.replaceAll("mailboxes: \\[.*?]", "mailboxes-file: list.txt");
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        var started = TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET));
        reloader = new ConfigReloader(started, store.mailboxes(), this::prepare, clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private ReloadableModules.PreparedReload prepare(TidemarkConfig next, Set<String> renewed) {
        attempts.incrementAndGet();
        if (failsEarly) {
            throw new IllegalStateException("the store cannot be written now");
        }
        return new ReloadableModules.PreparedReload() {
            @Override
            public MailboxChanges apply() {
                if (failsLate) {
                    throw new IllegalStateException("the disk is full");
                }
                return MailboxChanges.NONE;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void a_change_that_fails_half_way_is_not_reported_as_no_change() {
        failsLate = true;
        var result = reloader.reload(false);
        assertThat(result).isInstanceOfSatisfying(ReloadResult.Rejected.class, rejected -> {
            assertThat(rejected.appliedInPart()).isTrue();
            assertThat(rejected.faults().getFirst().message())
                    .contains("the disk is full; the configuration is applied in part, reload again");
        });
        failsLate = false;
        assertThat(reloader.reload(false)).isInstanceOf(ReloadResult.Applied.class);
    }

    @Test
    void a_change_that_fails_before_it_begins_is_no_change() {
        failsEarly = true;
        assertThat(reloader.reload(false))
                .isInstanceOfSatisfying(
                        ReloadResult.Rejected.class,
                        rejected -> assertThat(rejected.appliedInPart()).isFalse());
    }

    @Test
    void a_list_that_met_an_obstacle_is_read_again_after_a_minute() throws IOException {
        failsEarly = true;
        try (var watcher = new ConfigFileWatcher(reloader, clock)) {
            Files.writeString(folder.resolve("list.txt"), "ada@example.com\nbob@example.com\n");
            watcher.poll();
            watcher.poll();
            await().until(() -> reloader.status().failedAt().isPresent());
            watcher.poll();
            assertThat(attempts).hasValue(1);
            now = now.plusSeconds(61);
            failsEarly = false;
            watcher.poll();
            await().until(() -> reloader.status().isSuccessful());
            assertThat(attempts).hasValue(2);
        }
    }

    @Test
    void a_faulty_list_is_read_once() throws IOException {
        try (var watcher = new ConfigFileWatcher(reloader, clock)) {
            Files.writeString(folder.resolve("list.txt"), "no address\n");
            watcher.poll();
            watcher.poll();
            await().until(() -> reloader.status().failedAt().isPresent());
            var failedAt = reloader.status().failedAt();
            now = now.plusSeconds(61);
            watcher.poll();
            assertThat(reloader.isObstructed()).isFalse();
            assertThat(reloader.status().failedAt()).isEqualTo(failedAt);
        }
    }
}
