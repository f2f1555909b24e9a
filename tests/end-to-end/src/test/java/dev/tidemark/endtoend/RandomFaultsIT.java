package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.testpostgres.PostgresTestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Injects every fault of the simulated Exchange, and the daemon's death, at random into a real daemon. A run
/// prints its seed. `-Dfaults.seed=N` repeats the random choices, but not their timing; `-Dfaults.seconds=N`
/// sets another length, and `-Dfaults.only=KIND,KIND` limits the faults and deeds.
@Order(1)
final class RandomFaultsIT {
    private static final int IN_FLIGHT = 4;
    private static final int STEPS_A_SECOND = 20;
    private static final List<String> MAILBOXES = IntStream.range(0, 8)
            .mapToObj(number -> "box" + number + "@example.com")
            .toList();

    /// Faults that concern the store, for a short run.
    private static final Set<String> OF_THE_STORE =
            Set.of("LOSE_REPLY", "REFUSE_SYNC_STATE", "FORGET_ALL", "FORGET_HISTORY", "KILL", "TERMINATE");

    private static final Set<String> CHOSEN =
            Set.copyOf(Arrays.stream(System.getProperty("faults.only", "").split(",", -1))
                    .filter(name -> !name.isEmpty())
                    .toList());

    /// Settings of a run.
    ///
    /// @param kinds names of the kinds that occur; empty for all
    /// @param store URL of the store; empty for an embedded one
    private record Plan(Duration length, String fallback, Set<String> kinds, Optional<String> store) {
        static Plan embedded(Duration length, String fallback) {
            return new Plan(length, fallback, CHOSEN, Optional.empty());
        }

        static Plan onPostgres(Duration length, Set<String> kinds) {
            return new Plan(length, "poll", kinds, Optional.of(PostgresTestServer.newStore()));
        }

        EndToEndScene configured(EndToEndScene scene) {
            store.ifPresent(url -> scene.with("store", "url", url));
            return scene.with("connection", "url", scene.exchange().url().toString())
                    .with("group", "folders", "[ all ]")
                    .with("group", "events", "[ NewMail, Created, Modified, Deleted, Moved, Copied ]")
                    .with("group", "snapshot", "all")
                    .with("sink", "concurrency", Integer.toString(IN_FLIGHT))
                    .with("compensator", "silence-after", "6s")
                    .with("compensator", "first-callback", "6s")
                    .with(
                            "compensator",
                            "fallback",
                            "{ after: 2, transport: " + fallback + ", delay: 2s, min-delay: 1s }");
        }
    }

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void two_minutes_of_everything_that_can_go_wrong_lose_and_double_nothing() {
        run(Plan.embedded(Duration.ofSeconds(Long.getLong("faults.seconds", 120)), "poll"));
    }

    @Test
    @Tag("soak")
    void so_do_ten_minutes() {
        run(Plan.embedded(Duration.ofMinutes(5), "poll"));
    }

    @Test
    @Tag("soak")
    void and_with_streams_in_the_place_of_polls() {
        run(Plan.embedded(Duration.ofMinutes(5), "streaming"));
    }

    @Test
    @Tag("soak")
    void twenty_seconds_on_postgresql_lose_and_double_nothing() {
        run(Plan.onPostgres(Duration.ofSeconds(20), CHOSEN.isEmpty() ? OF_THE_STORE : CHOSEN));
    }

    @Test
    @Tag("soak")
    void so_do_five_minutes_on_postgresql() {
        run(Plan.onPostgres(Duration.ofMinutes(5), CHOSEN));
    }

    private void run(Plan plan) {
        var seed = Long.getLong("faults.seed", System.nanoTime());
        print("random faults, seed " + seed + ", " + plan);
        var settings = SimulatorConfig.defaults().withSeed(seed).withServers(3);
        try (var scene = EndToEndScene.in(folder, settings, MAILBOXES).withDamagedTraffic()) {
            var life = new RandomLife(scene, new Random(seed));
            life.past(30);
            var blows = new RandomBlows(
                    scene,
                    new Random(seed + 1),
                    plan.kinds(),
                    plan.configured(scene).startSubscribed());
            injectFaults(life, blows, plan.length());
            blows.clear();
            life.lastWord();
            print("settled after " + new DeliveryQuiescence(scene, life, blows).await());
            verdict(scene, life, blows);
        }
    }

    /// Injects faults for this long and until each kind has occurred; on a slow machine a fault takes longer.
    private static void injectFaults(RandomLife life, RandomBlows blows, Duration length) {
        var random = new Random(length.toMillis());
        var start = System.nanoTime();
        var ends = new ArrayDeque<Runnable>();
        var next = new long[] {0};
        while (System.nanoTime() - start < length.toNanos() || !blows.allOccurred()) {
            var elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            while (life.steps() * 1000L / STEPS_A_SECOND < elapsed) {
                life.step();
            }
            if (elapsed >= next[0]) {
                if (ends.size() == 2) {
                    ends.remove().run();
                }
                ends.add(blows.injectFault());
                next[0] = elapsed + 800 + random.nextInt(2400);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        ends.forEach(Runnable::run);
    }

    private void verdict(EndToEndScene scene, RandomLife life, RandomBlows blows) {
        var story = scene.webhook().story();
        var missing = new TreeSet<>(life.received());
        missing.removeAll(story.items(DeliveryHistory.RECEIVED));
        print("struck: " + blows.counts());
        print("steps %d, sent %d acknowledged %d delivered %d repeated %d missing %d"
                .formatted(
                        life.steps(),
                        life.received().size(),
                        scene.exchange().ledger().acknowledgedItems().size(),
                        story.items(DeliveryHistory.RECEIVED).size(),
                        story.repetitions(),
                        missing.size()));
        explain(new LossEvidence(scene, life, blows), missing);
        assertThat(missing).as("mails without an event").isEmpty();
        story.assertTellsAll(DeliveryHistory.CREATED, life.created());
        List.of(DeliveryHistory.RECEIVED, DeliveryHistory.CREATED, DeliveryHistory.DELETED)
                .forEach(story::assertNoneDoubled);
        new DuplicateBudget(story, blows.kills(), IN_FLIGHT).assertFew();
        scene.assertInOrder();
        assertThat(blows.allOccurred()).as("every fault had its turn").isTrue();
    }

    private void explain(LossEvidence evidence, Set<String> missing) {
        missing.forEach(item -> print("missing: " + evidence.fate(item)));
        if (!missing.isEmpty()) {
            print("evidence: " + evidence.write(folder, missing) + ", beside it the daemon's log");
        }
    }

    private static void print(String line) {
        System.getLogger("figures").log(System.Logger.Level.INFO, line);
    }
}
