package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.endtoend.ClusterScene.ClusterPlan;
import dev.tidemark.testpostgres.PostgresTestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Delays and stops the packets between two nodes and their database under load.
final class SlowDatabaseIT {
    private static final List<String> NODES = List.of("a", "b");
    private static final List<String> ADDRESSES = List.of("ada@example.com", "grace@example.com", "edsger@example.com");
    private static final Duration SLOW = Duration.ofMillis(50);
    /// a commit takes longer than a lease
    private static final Duration TOO_SLOW = Duration.ofSeconds(1);
    private static final int MAILS_PER_SECOND = 20;
    private static final int SOME = 30;
    /// requests of the sink in flight, by default
    private static final int IN_FLIGHT = 4;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /// Step of a test under load.
    @FunctionalInterface
    private interface Disturbance {
        void run(ClusterScene scene);
    }

    private void disturb(Disturbance disturbance) {
        try (var server = PostgresTestServer.startIn(folder.resolve("postgres"));
                var scene = new ClusterScene(
                        folder,
                        ClusterPlan.of(NODES, ADDRESSES)
                                .withStore(server.store())
                                .withLease("4s")
                                .withLinks())) {
            scene.startAll();
            scene.awaitSubscribed("a");
            try (var load = scene.load(MAILS_PER_SECOND)) {
                scene.awaitMoreReceived(SOME);
                disturbance.run(scene);
                scene.awaitReady();
                scene.awaitMoreReceived(SOME);
                load.assertStillRunning();
            }
            scene.awaitAllReceived();
            scene.assertInOrder();
            var story = scene.webhook().story();
            System.getLogger("figures")
                    .log(
                            System.Logger.Level.INFO,
                            story.events().size() + " events, " + story.repetitions() + " repetitions");
            // a node that loses its lease leaves the requests in flight and the last second of deliveries unsaved
            assertThat(story.repetitions()).as("repeated deliveries").isLessThanOrEqualTo(IN_FLIGHT + MAILS_PER_SECOND);
        }
    }

    @Test
    @Tag("soak")
    void a_slow_database_delays_acknowledgements_and_loses_nothing() {
        disturb(scene -> {
            scene.delayDatabase(SLOW);
            scene.awaitMoreReceived(SOME);
            scene.delayDatabase(TOO_SLOW);
            scene.awaitRefusing("a");
            scene.delayDatabase(Duration.ZERO);
        });
    }

    @Test
    void a_database_that_stalls_for_longer_than_a_lease_loses_nothing() {
        disturb(scene -> {
            NODES.forEach(node -> scene.link(node).stall());
            NODES.forEach(scene::awaitRefusing);
            NODES.forEach(node -> scene.link(node).proceed());
        });
    }

    @Test
    @Tag("soak")
    void a_node_that_is_cut_off_from_the_database_hands_its_work_to_another() {
        disturb(scene -> {
            var holder = scene.holder("a");
            var other = holder.equals("a") ? "b" : "a";
            scene.link(holder).stall();
            scene.awaitTakeover(holder, other);
            scene.awaitMoreReceived(SOME);
            scene.awaitRefusing(holder);
            scene.link(holder).proceed();
        });
    }
}
