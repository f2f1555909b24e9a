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

    @Test
    void an_operator_frees_a_full_disk_by_dropping_the_oldest_day_of_the_journal() throws IOException {
        try (var space = SmallFileSystem.mount(folder.resolve("space"));
                var server = PostgresTestServer.startIn(folder.resolve("postgres"))) {
            var store = server.storeIn(space.at());
            try (var scene =
                    new ClusterScene(folder, ClusterPlan.of(NODES, ADDRESSES).withStore(store))) {
                scene.startAll();
                scene.awaitSubscribed("a");
                // an old day of about 4 MiB
                server.executeIn(
                        store,
                        "SET default_tablespace = store",
                        "CREATE TABLE journal_day_1 (LIKE journal INCLUDING ALL)",
                        "ALTER TABLE journal ATTACH PARTITION journal_day_1 FOR VALUES IN (1)",
                        "INSERT INTO journal SELECT 0, 1, -n, 1, '1970-01-02', decode(repeat('00', 8000), 'hex')"
                                + " FROM generate_series(1, 500) AS n");
                try (var load = scene.load(MAILS_PER_SECOND)) {
                    scene.awaitMoreReceived(SOME);
                    space.fill();
                    assertRefusedWithReason(scene);
                    server.executeIn(store, "DROP TABLE journal_day_1");
                    scene.awaitReady();
                    scene.awaitMoreReceived(SOME);
                    load.assertStillRunning();
                }
                scene.awaitAllReceived();
                scene.assertInOrder();
                NODES.forEach(scene::stop);
            }
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
