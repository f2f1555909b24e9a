package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.endtoend.ClusterScene.ClusterPlan;
import dev.tidemark.testpostgres.PostgresTestServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Runs several nodes on one PostgreSQL, and ends each of them in another way under load.
final class ClusterIT {
    private static final List<String> ADDRESSES =
            List.of("ada@example.com", "grace@example.com", "edsger@example.com", "barbara@example.com");
    private static final int MAILS_PER_SECOND = 20;
    private static final int SOME = 30;
    private static final int UNREACHABLE = 4;
    private static final String COMMIT_OF_A_LATER_VERSION = """
            WITH next AS (UPDATE schema.store_partition SET commits = commits + 1 WHERE id = 0
                RETURNING commits, newest_position)
            INSERT INTO schema.commit_log (partition, number, node, newest_position, body)
            SELECT 0, commits, 'newer node', newest_position, '\\x0163'::bytea FROM next RETURNING 1
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void nodes_that_are_killed_or_frozen_lose_and_double_nothing() {
        try (var scene = new ClusterScene(folder, ClusterPlan.of(List.of("a", "b", "c"), ADDRESSES))) {
            scene.startAll();
            scene.awaitSubscribed("a");
            try (var load = scene.load(MAILS_PER_SECOND)) {
                scene.awaitMoreReceived(SOME);
                endHolder(scene, scene::kill, scene::start, scene::awaitGone);
                endHolder(scene, scene::suspend, scene::proceed, (node, other) -> {});
                load.assertStillRunning();
            }
            scene.awaitAllReceived();
            scene.assertInOrder();
        }
    }

    @Test
    void the_parts_of_a_sink_spread_over_the_nodes_and_survive_the_end_of_each() {
        // with the timed work, three leases for each node
        var plan = ClusterPlan.of(List.of("a", "b", "c"), ADDRESSES).withPartitions(8);
        try (var scene = new ClusterScene(folder, plan)) {
            scene.startAll();
            scene.awaitSubscribed("a");
            try (var load = scene.load(MAILS_PER_SECOND)) {
                scene.awaitMoreReceived(SOME);
                scene.awaitDeliveringNodes("c", 3);
                endHolder(scene, scene::kill, scene::start, NodeCheck.NONE);
                scene.awaitDeliveringNodes("c", 3);
                endHolder(scene, scene::stop, scene::start, NodeCheck.NONE);
                load.assertStillRunning();
            }
            scene.awaitAllReceived();
            scene.assertInOrder();
        }
    }

    @Test
    void a_rolling_restart_of_nodes_that_share_a_sink_repeats_no_delivery() {
        assertRollingRestart(ClusterPlan.of(List.of("a", "b"), ADDRESSES).withPartitions(4));
    }

    /// Ends the node that delivers, waits until another one does, and brings it back.
    private static void endHolder(ClusterScene scene, NodeAction end, NodeAction back, NodeCheck check) {
        var holder = scene.holder("c");
        var other = holder.equals("c") ? "b" : "c";
        end.run(holder);
        scene.awaitTakeover(holder, other);
        check.run(holder, other);
        scene.awaitMoreReceived(SOME);
        back.run(holder);
        scene.awaitMoreReceived(SOME);
    }

    private interface NodeAction {
        void run(String node);
    }

    private interface NodeCheck {
        NodeCheck NONE = (node, viaNode) -> {};

        void run(String node, String viaNode);
    }

    @Test
    void a_node_that_finds_a_change_of_a_later_version_ends_and_leaves_the_cluster() {
        try (var server = PostgresTestServer.startIn(folder.resolve("postgres"))) {
            var store = server.store();
            var schema = store.replaceFirst(".*currentSchema=", "");
            try (var scene = new ClusterScene(
                    folder, ClusterPlan.of(List.of("a"), ADDRESSES).withStore(store))) {
                scene.startAll();
                scene.awaitSubscribed("a");
                server.awaitRow(COMMIT_OF_A_LATER_VERSION.replace("schema.", schema + "."));
                assertThat(scene.awaitEnd("a")).isEqualTo(UNREACHABLE);
                assertThat(scene.output("a"))
                        .contains(
                                "tidemark: The store holds a change of kind 99, which was written by a later version");
                server.awaitRow("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM " + schema + ".cluster_node)");
            }
        }
    }

    @Test
    void a_rolling_restart_repeats_no_delivery() {
        assertRollingRestart(ClusterPlan.of(List.of("a", "b"), ADDRESSES));
    }

    private void assertRollingRestart(ClusterPlan plan) {
        // a node that stands still for longer than its lease would repeat what it had in flight
        try (var scene = new ClusterScene(folder, plan.withLease("1m"))) {
            scene.startAll();
            scene.awaitSubscribed("a");
            try (var load = scene.load(MAILS_PER_SECOND)) {
                for (var node : List.of("a", "b")) {
                    scene.awaitMoreReceived(SOME);
                    scene.stop(node);
                    scene.awaitMoreReceived(SOME);
                    scene.start(node);
                }
                load.assertStillRunning();
            }
            scene.awaitAllReceived();
            scene.assertInOrder();
            assertThat(scene.webhook().story().repetitions()).isZero();
        }
    }
}
