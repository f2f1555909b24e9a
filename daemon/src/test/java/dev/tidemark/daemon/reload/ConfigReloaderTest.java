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
import java.util.concurrent.CopyOnWriteArrayList;
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
    private volatile Optional<Error> clockFailure = Optional.empty();
    private final InstantSource time = () -> {
        clockFailure.ifPresent(ConfigReloaderTest::fail);
        return now;
    };
    private final Clock clock = time.withZone(ZoneOffset.UTC);
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile Optional<Throwable> failsEarly = Optional.empty();
    private volatile Optional<Throwable> failsLate = Optional.empty();

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
        failsEarly.ifPresent(ConfigReloaderTest::fail);
        return new ReloadableModules.PreparedReload() {
            @Override
            public MailboxChanges apply() {
                failsLate.ifPresent(ConfigReloaderTest::fail);
                return MailboxChanges.NONE;
            }

            @Override
            public void close() {}
        };
    }

    private static void fail(Throwable cause) {
        switch (cause) {
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw new AssertionError(cause);
        }
    }

    @Test
    void a_change_that_fails_half_way_is_not_reported_as_no_change() {
        failsLate = Optional.of(new IllegalStateException("the disk is full"));
        var result = reloader.reload(false);
        assertThat(result).isInstanceOfSatisfying(ReloadResult.Rejected.class, rejected -> {
            assertThat(rejected.appliedInPart()).isTrue();
            assertThat(rejected.faults().getFirst().message())
                    .contains("the disk is full; the configuration is applied in part, reload again");
        });
        failsLate = Optional.empty();
        assertThat(reloader.reload(false)).isInstanceOf(ReloadResult.Applied.class);
    }

    @Test
    void a_change_that_fails_before_it_begins_is_no_change() {
        failsEarly = Optional.of(new IllegalStateException("the store cannot be written now"));
        assertThat(reloader.reload(false))
                .isInstanceOfSatisfying(
                        ReloadResult.Rejected.class,
                        rejected -> assertThat(rejected.appliedInPart()).isFalse());
    }

    @Test
    void a_list_that_met_an_obstacle_is_read_again_after_a_minute() throws IOException {
        failsEarly = Optional.of(new IllegalStateException("the store cannot be written now"));
        try (var watcher = new ConfigFileWatcher(reloader, clock)) {
            Files.writeString(folder.resolve("list.txt"), "ada@example.com\nbob@example.com\n");
            watcher.poll();
            watcher.poll();
            await().until(() -> reloader.status().failedAt().isPresent());
            watcher.poll();
            assertThat(attempts).hasValue(1);
            now = now.plusSeconds(61);
            failsEarly = Optional.empty();
            watcher.poll();
            await().until(() -> reloader.status().isSuccessful());
            assertThat(attempts).hasValue(2);
        }
    }

    @Test
    void an_error_does_not_end_the_watch_of_the_files() throws IOException {
        failsEarly = Optional.of(new StackOverflowError("deep"));
        try (var watcher = new ConfigFileWatcher(reloader, clock)) {
            Files.writeString(folder.resolve("list.txt"), "ada@example.com\nbob@example.com\n");
            watcher.pollSafely();
            watcher.pollSafely();
            await().until(() -> reloader.status().failedAt().isPresent());
            clockFailure = Optional.of(new StackOverflowError());
            watcher.pollSafely();
            clockFailure = Optional.empty();
            now = now.plusSeconds(61);
            failsEarly = Optional.empty();
            watcher.pollSafely();
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

    @Test
    void an_error_is_a_failed_reload_and_the_next_one_succeeds() {
        var results = new CopyOnWriteArrayList<ReloadResult>();
        reloader.onFinished(results::add);
        failsEarly = Optional.of(new StackOverflowError("deep"));
        reloader.request("a signal");
        await().until(() -> !results.isEmpty());
        assertThat(results).singleElement().isInstanceOfSatisfying(ReloadResult.Rejected.class, rejected -> {
            assertThat(rejected.appliedInPart()).isFalse();
            assertThat(rejected.faults().getFirst().message())
                    .contains("an unexpected error (java.lang.StackOverflowError: deep)");
        });
        assertThat(reloader.status().failedAt()).contains(now);
        assertThat(reloader.isObstructed()).isTrue();
        failsEarly = Optional.empty();
        reloader.request("a signal");
        await().until(() -> results.size() == 2);
        assertThat(results.getLast()).isInstanceOf(ReloadResult.Applied.class);
    }

    @Test
    void an_error_half_way_is_not_reported_as_no_change() {
        failsLate = Optional.of(new LinkageError("a class is missing"));
        assertThat(reloader.reload(false))
                .isInstanceOfSatisfying(
                        ReloadResult.Rejected.class,
                        rejected -> assertThat(rejected.appliedInPart()).isTrue());
        assertThat(reloader.status().reason()).contains("a class is missing", "reload again");
    }

    @Test
    void an_observer_that_fails_does_not_end_the_reload_or_hide_it_from_others() {
        var results = new CopyOnWriteArrayList<ReloadResult>();
        reloader.onFinished(ignored -> fail(new StackOverflowError()));
        reloader.onFinished(results::add);
        assertThat(reloader.reload(false)).isInstanceOf(ReloadResult.Applied.class);
        assertThat(results).hasSize(1);
    }
}
