package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.endtoend.ClusterScene.ClusterPlan;
import dev.tidemark.endtoend.ClusterScene.ScenePace;
import dev.tidemark.testpostgres.PostgresTestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Ends nodes of a cluster and their database many times under load. Prints its figures.
@Tag("soak")
final class NodeFailuresIT {
    private static final List<String> NODES = List.of("a", "b", "c");
    private static final Duration LEASE = Duration.ofSeconds(4);
    private static final int DEATHS = 20;
    /// Exchange ends a subscription after 93 s without a response; a heartbeat is due every three minutes
    private static final ScenePace PACE = new ScenePace(10, "4m", 100, 8);
    private static final int STOPS = 20;
    private static final int SOME = 30;
    /// requests of the sink in flight, by default
    private static final int SENT_AT_ONCE = 4;
    private static final long IN_FLIGHT = Duration.ofMillis(200).toNanos();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private static void print(String figures) {
        System.getLogger("figures").log(System.Logger.Level.INFO, figures);
    }

    private static List<String> mailboxes(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> "mailbox" + number + "@example.com")
                .toList();
    }

    @Test
    void another_node_takes_over_within_two_leases_of_each_death() {
        var takeovers = new ArrayList<Duration>();
        var plan = ClusterPlan.of(NODES, mailboxes(8)).withLease(LEASE.toSeconds() + "s");
        try (var scene = new ClusterScene(folder, plan)) {
            scene.startAll();
            scene.awaitSubscribed("a");
            try (var load = scene.load(50)) {
                for (var death = 0; death < DEATHS; death++) {
                    scene.awaitMoreReceived(SOME);
                    takeovers.add(takeover(scene));
                }
                load.assertStillRunning();
            }
            scene.awaitAllReceived();
            scene.assertInOrder();
        }
        takeovers.sort(null);
        print(String.format(
                Locale.ROOT,
                "%d deaths with a lease of %d s: first delivery of another node after %d ms (median), %d ms (worst)",
                DEATHS,
                LEASE.toSeconds(),
                takeovers.get(DEATHS / 2).toMillis(),
                takeovers.getLast().toMillis()));
        assertThat(takeovers).allMatch(takeover -> takeover.compareTo(LEASE.multipliedBy(2)) < 0);
    }

    /// Kills the node that delivers, and starts it again once another one does.
    private static Duration takeover(ClusterScene scene) {
        var holder = scene.holder("a").isEmpty() ? scene.holder("b") : scene.holder("a");
        var moment = scene.kill(holder);
        scene.awaitTakeover(holder, holder.equals("b") ? "c" : "b");
        scene.awaitMoreReceived(1);
        // the dead node may have sent a request right before
        var first = scene.webhook().requests().stream()
                .filter(request -> request.at() > moment + IN_FLIGHT)
                .findFirst()
                .orElseThrow();
        scene.start(holder);
        return Duration.ofNanos(first.at() - moment);
    }

    @Test
    void another_node_takes_over_as_soon_as_one_stops() {
        var pauses = new ArrayList<Duration>();
        var plan = ClusterPlan.of(NODES, mailboxes(8)).withLease(LEASE.toSeconds() + "s");
        try (var scene = new ClusterScene(folder, plan)) {
            scene.startAll();
            scene.awaitSubscribed("a");
            try (var load = scene.load(50)) {
                for (var stop = 0; stop < STOPS; stop++) {
                    scene.awaitMoreReceived(SOME);
                    pauses.add(plannedTakeover(scene));
                }
                load.assertStillRunning();
            }
            scene.awaitAllReceived();
            scene.assertInOrder();
        }
        pauses.sort(null);
        print(String.format(
                Locale.ROOT,
                "%d planned stops with a lease of %d s: deliveries paused for %d ms (median), %d ms (worst)",
                STOPS,
                LEASE.toSeconds(),
                pauses.get(STOPS / 2).toMillis(),
                pauses.getLast().toMillis()));
        // the median if the other nodes only renewed their leases periodically
        assertThat(pauses.get(STOPS / 2)).isLessThan(LEASE.dividedBy(8));
    }

    /// Stops the node that delivers, and starts it again once another one does; returns the longest time without a
    /// delivery.
    private static Duration plannedTakeover(ClusterScene scene) {
        var holder = scene.holder("a");
        var moment = System.nanoTime();
        scene.stop(holder);
        scene.awaitTakeover(holder, holder.equals("b") ? "c" : "b");
        scene.awaitMoreReceived(SOME);
        var times = scene.webhook().requests().stream()
                .mapToLong(request -> request.at())
                .filter(at -> at > moment - IN_FLIGHT)
                .sorted()
                .toArray();
        scene.start(holder);
        return Duration.ofNanos(IntStream.range(1, times.length)
                .mapToLong(index -> times[index] - times[index - 1])
                .max()
                .orElseThrow());
    }

    /// Takes `-Dnodes.seconds=600`, `-Dnodes.mailboxes=2000`, `-Dnodes.rate=300`, `-Dnodes.partitions=4` and
    /// `-Dnodes.seed`. The database restarts after a quarter and three quarters of the time, and its standby
    /// replaces it after half of it. A rolling restart is last.
    @Test
    void random_failures_of_nodes_and_database_lose_and_double_nothing() {
        var quarter = Duration.ofSeconds(Long.getLong("nodes.seconds", 600)).dividedBy(4);
        var seed = Long.getLong("nodes.seed", System.nanoTime());
        try (var primary = PostgresTestServer.startIn(folder.resolve("postgres"));
                var standby = primary.synchronousStandbyIn(folder.resolve("standby"));
                var scene = new ClusterScene(
                        folder,
                        ClusterPlan.of(NODES, mailboxes(Integer.getInteger("nodes.mailboxes", 2000)))
                                .withStore(primary.withStandby(primary.store(), standby))
                                .withLease(LEASE.toSeconds() + "s")
                                .withPartitions(Integer.getInteger("nodes.partitions", 4))
                                .withPace(PACE)
                                .withLinks())) {
            var failures = new RandomNodeFailures(scene, NODES, new Random(seed));
            scene.startAll();
            scene.awaitSubscribed("a");
            try (var load = scene.load(Integer.getInteger("nodes.rate", 300))) {
                failures.runFor(quarter, primary);
                failures.restart(primary);
                failures.runFor(quarter, primary);
                failures.replace(primary, standby);
                failures.runFor(quarter, standby);
                failures.restart(standby);
                failures.runFor(quarter, standby);
                assertRollingRestartRepeatsNothing(scene);
                load.assertStillRunning();
            }
            scene.awaitAllReceived();
            scene.assertInOrder();
            var story = scene.webhook().story();
            print("seed " + seed + ": " + failures.counts() + ", "
                    + story.events().size() + " events, " + story.repetitions() + " repetitions");
            new DuplicateBudget(story, failures.moments(), SENT_AT_ONCE).assertFewInTotal();
        }
    }

    private static void restart(ClusterScene scene, String node) {
        scene.stop(node);
        scene.awaitMoreReceived(SOME);
        scene.start(node);
    }

    private static void assertRollingRestartRepeatsNothing(ClusterScene scene) {
        // what the failures before repeat has come by then
        scene.awaitAllReceived();
        var before = scene.webhook().story().repetitions();
        for (var node : NODES) {
            scene.awaitMoreReceived(SOME);
            restart(scene, node);
        }
        scene.awaitMoreReceived(SOME);
        assertThat(scene.webhook().story().repetitions())
                .as("repeated deliveries by a rolling restart")
                .isEqualTo(before);
    }
}
