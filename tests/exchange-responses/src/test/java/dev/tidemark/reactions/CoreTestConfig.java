package dev.tidemark.reactions;

import dev.tidemark.compensator.AgendaCompensator;
import dev.tidemark.compensator.Compensator;
import dev.tidemark.compensator.CompensatorConfig;
import dev.tidemark.compensator.FallbackConfig;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.listener.ListenerConfig;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.subscriber.MailboxSubscriber;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Settings of the core that the test beds share. Their silences are so long that a case alone causes a
/// compensation.
final class CoreTestConfig {
    static final Duration MARGIN = Duration.ofMinutes(15);
    static final Duration LIFETIME = Duration.ofDays(30);
    static final Duration RETENTION = Duration.ofDays(7);

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private CoreTestConfig() {}

    static StoreConfig store(Path folder) {
        return new StoreConfig("jdbc:h2:file:" + folder.resolve("tidemark"), "sa", "", "gw1", true, 0, MARGIN);
    }

    static ConnectionConfig connection(String name, URI url, int concurrency) {
        return new ConnectionConfig(
                name,
                url,
                ExpectedRequest.DEFAULT_VERSION,
                new ConnectionConfig.Auth.None(),
                true,
                TIMEOUT,
                concurrency);
    }

    /// Returns the settings of a listener on a free port of loopback.
    static ListenerConfig listener() {
        return new ListenerConfig(
                "127.0.0.1",
                0,
                "",
                List.of(),
                List.of(),
                "/healthz",
                1 << 20,
                0,
                10_000,
                Duration.ZERO,
                TIMEOUT,
                Optional.empty());
    }

    /// @param silence time without a callback after which a mailbox is silent
    /// @param rate limit of compensations per second
    static CompensatorConfig compensator(Duration silence, int rate) {
        return new CompensatorConfig(
                2.0,
                Duration.ofSeconds(90),
                Optional.of(silence),
                Optional.of(silence),
                Duration.ofMinutes(1),
                LIFETIME,
                rate,
                Duration.ofHours(6),
                false,
                new CompensatorConfig.Retention(RETENTION, LIFETIME, LIFETIME),
                FallbackConfig.NONE);
    }

    /// Starts a compensator whose tasks run when `time` reaches them.
    static Compensator start(
            CompensatorConfig config, MailboxSubscriber subscriber, WatermarkStore store, ManualScheduler time) {
        return AgendaCompensator.start(
                config,
                subscriber,
                store,
                time.clock(),
                AgendaCompensator.Agenda.immediate(
                        (delay, work) -> time.at(time.clock().instant().plus(delay), work)));
    }
}
