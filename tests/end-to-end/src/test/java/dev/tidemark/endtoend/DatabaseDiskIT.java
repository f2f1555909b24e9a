package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.endtoend.ClusterScene.ClusterPlan;
import dev.tidemark.testpostgres.PostgresTestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Fills the disk of the database under two nodes: 503 while it is full, no false acknowledgement, and no restart
/// afterward.
final class DatabaseDiskIT {
    private static final List<String> NODES = List.of("a", "b");
    private static final List<String> ADDRESSES = List.of("ada@example.com", "grace@example.com");
    private static final String FULL = "PostgreSQL cannot write because its disk is full; free disk space.";
    private static final int MAILS_PER_SECOND = 20;
    private static final int SOME = 30;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void a_full_disk_of_the_database_is_reported_once_and_loses_nothing() throws IOException {
        try (var space = SmallFileSystem.mount(folder.resolve("space"));
                var server = PostgresTestServer.startIn(folder.resolve("postgres"));
                var scene = new ClusterScene(
                        folder, ClusterPlan.of(NODES, ADDRESSES).withStore(server.storeIn(space.at())))) {
            scene.startAll();
            scene.awaitSubscribed("a");
            try (var load = scene.load(MAILS_PER_SECOND)) {
                scene.awaitMoreReceived(SOME);
                space.fill();
                assertRefusedWithReason(scene);
                space.free();
                scene.awaitReady();
                scene.awaitMoreReceived(SOME);
                load.assertStillRunning();
            }
            scene.awaitAllReceived();
            scene.assertInOrder();
            assertThat(NODES)
                    .allSatisfy(node -> assertThat(logged(scene, node, "The store writes again"))
                            .as("recoveries of node " + node)
                            .hasSize(1));
            NODES.forEach(scene::stop);
        }
    }

    /// Asserts that no node acknowledges a callback or counts as ready, and that each names cause and remedy.
    private static void assertRefusedWithReason(ClusterScene scene) {
        NODES.forEach(scene::awaitRefusing);
        var acknowledged = scene.acknowledged();
        // for seconds, in which each node tries several times to write
        scene.awaitMoreMails(3 * SOME);
        assertThat(scene.acknowledged()).as("acknowledged without space").isEqualTo(acknowledged);
        assertThat(NODES).allSatisfy(node -> {
            assertThat(scene.health(node)).contains("\"store\":\"down\"", FULL);
            assertThat(logged(scene, node, " WARN "))
                    .filteredOn(line -> line.contains("responding 503"))
                    .singleElement()
                    .asString()
                    .contains(FULL);
        });
    }

    private static List<String> logged(ClusterScene scene, String node, String text) {
        return scene.output(node).lines().filter(line -> line.contains(text)).toList();
    }
}
