package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testpostgres.PostgresTestServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Runs a node of a cluster on a real PostgreSQL, and after it its successor.
final class ClusterIT {
    private static final String ADA = "ada@example.com";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private EndToEndScene node(String name) {
        return EndToEndScene.in(folder, ADA)
                .with("store", "url", PostgresTestServer.newStore())
                .with("cluster", "enabled", "true")
                .with("cluster", "node", name);
    }

    private static void awaitLeases(EndToEndScene scene, String node) {
        EndToEndScene.await("all leases").until(() -> {
            var nodes = scene.admin().get("/api/v1/nodes").get("items");
            return nodes.size() == 1
                    && nodes.get(0).get("name").asString().equals(node)
                    && List.of("sink:hook", "timed-work")
                            .equals(leases(nodes.get(0).get("leases")));
        });
    }

    private static List<String> leases(JsonNode names) {
        return names.valueStream().map(JsonNode::asString).toList();
    }

    @Test
    void a_node_delivers_under_its_leases_and_after_a_clean_stop_its_successor_repeats_nothing() throws Exception {
        try (var scene = node("ann")) {
            var ann = scene.startSubscribed();
            awaitLeases(scene, "ann");
            scene.mailbox(ADA).deliver("before");
            scene.awaitAllReceived();
            assertThat(ann.terminate()).isZero();

            scene.with("cluster", "node", "ben");
            scene.start();
            awaitLeases(scene, "ben");
            scene.mailbox(ADA).deliver("after");
            scene.awaitAllReceived();
            assertThat(scene.webhook().story().repetitions()).isZero();
            scene.assertInOrder();
        }
    }

    @Test
    void a_node_that_was_killed_starts_again_under_its_name() throws Exception {
        try (var scene = node("ann")) {
            var ann = scene.startSubscribed();
            scene.mailbox(ADA).deliver("before");
            scene.awaitAllReceived();
            ann.kill();

            scene.start();
            awaitLeases(scene, "ann");
            scene.mailbox(ADA).deliver("after");
            scene.awaitAllReceived();
            scene.assertInOrder();
        }
    }
}
