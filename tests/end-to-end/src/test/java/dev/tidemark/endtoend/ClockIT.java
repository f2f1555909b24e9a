package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.DaemonClocks;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.TidemarkConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Sets the system's clock while callbacks come in.
final class ClockIT {
    private static final int MAILS_PER_SECOND = 40;
    private static final int IN_FLIGHT = 4;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final String ADA = "ada@example.com";
    private static final String CREATED = "dev.tidemark.subscription.created";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /// Clock with an adjustable offset.
    private static final class SetClock extends Clock {
        private volatile Duration offset = Duration.ZERO;

        void set(Duration to) {
            offset = to;
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(offset);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private EndToEndScene scene() {
        return EndToEndScene.in(folder, ADA, "grace@example.com", "edsger@example.com", "barbara@example.com")
                .with("sink", "concurrency", Integer.toString(IN_FLIGHT))
                .with("sink", "retry", "[ 1s, 1s, 2s, 2s, 2s, 5s, 5s, 5s, 1h ]")
                .with("store", "retention", "10h")
                // so that the daemon checks the clock every two seconds
                .with("store", "dead-letter-retention", "20s")
                .with("compensator", "silence-after", "1m")
                .with("compensator", "first-callback", "1m");
    }

    @Test
    void being_set_it_holds_nothing_up_and_takes_nothing_for_old() throws IOException {
        var clock = new SetClock();
        try (var scene = scene();
                var daemon = TidemarkDaemon.start(configuration(scene), DaemonClocks.steady(clock))) {
            assertThat(daemon.listenerAddress()).isNotNull();
            scene.awaitSubscribed();
            try (var load = SteadyMailLoad.on(scene, MAILS_PER_SECOND)) {
                for (var offset : List.of(DAY, HOUR.negated())) {
                    scene.webhook().allow(List.of(clock.offset, offset));
                    setWhileRefused(scene, () -> clock.set(offset));
                }
                load.assertStillRunning();
            }
            assertWhole(scene);
            assertThat(scene.webhook().story().events(CREATED))
                    .as("every mailbox was heard of all the time")
                    .noneMatch(
                            event -> event.event().at("/data/reason").asString().equals("silence"));
            assertJournalKept(scene);
        }
    }

    private TidemarkConfig configuration(EndToEndScene scene) throws IOException {
        return TidemarkConfig.read(scene.config().write(folder), name -> Optional.empty());
    }

    /// Sets the clock while events wait for a retry.
    private static void setWhileRefused(EndToEndScene scene, Runnable set) {
        awaitMore(scene);
        var before = scene.webhook().requests().size();
        scene.webhook().refuse(ADA);
        EndToEndScene.await("a refusal")
                .until(() -> scene.webhook().requests().stream().skip(before).anyMatch(request -> !request.accepted()));
        set.run();
        scene.webhook().refuse("none");
        awaitMore(scene);
    }

    private static void awaitMore(EndToEndScene scene) {
        var goal = scene.webhook().story().items(DeliveryHistory.RECEIVED).size() + MAILS_PER_SECOND;
        EndToEndScene.await("deliveries")
                .until(() ->
                        scene.webhook().story().items(DeliveryHistory.RECEIVED).size() >= goal);
    }

    private static void assertWhole(EndToEndScene scene) {
        scene.awaitAllReceived();
        var story = scene.webhook().story();
        story.assertTellsAll(DeliveryHistory.RECEIVED, scene.exchange().ledger().acknowledgedItems());
        story.assertNoneDoubled(DeliveryHistory.RECEIVED);
        assertThat(story.events(DeliveryHistory.GAP)).isEmpty();
        scene.assertInOrder();
    }

    private static void assertJournalKept(EndToEndScene scene) {
        var oldest = scene.admin()
                .get("/api/v1/events?limit=1")
                .at("/items/0/event/id")
                .asString();
        assertThat(scene.webhook().story().events().stream().limit(20).map(ReceivedRequest::id))
                .as("the first events are in the journal")
                .contains(oldest);
    }
}
