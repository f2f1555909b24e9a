package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.endtoend.ClusterScene.ClusterPlan;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Upgrades a cluster node by node under load. `packaging/check-rolling-upgrade` builds the earlier version.
@Tag("soak")
final class RollingUpgradeIT {
    private static final List<String> NODES = List.of("a", "b");
    private static final int MAILS_PER_SECOND = 20;
    private static final int SOME = 30;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    @EnabledIfSystemProperty(named = "upgrade.earlier", matches = ".+", disabledReason = "names no distribution")
    void a_rolling_upgrade_from_an_earlier_version_loses_and_repeats_nothing() {
        var earlier = Path.of(System.getProperty("upgrade.earlier"));
        var addresses = List.of("ada@example.com", "grace@example.com", "edsger@example.com");
        try (var scene = new ClusterScene(folder, ClusterPlan.of(NODES, addresses))) {
            NODES.forEach(node -> scene.startOf(earlier, node));
            scene.awaitSubscribed("a");
            try (var load = scene.load(MAILS_PER_SECOND)) {
                for (var node : NODES) {
                    scene.awaitMoreReceived(SOME);
                    scene.stop(node);
                    scene.awaitMoreReceived(SOME);
                    // beside the one that is not upgraded yet, in the first round
                    scene.start(node);
                    scene.awaitMoreReceived(SOME);
                }
                load.assertStillRunning();
            }
            scene.awaitAllReceived();
            scene.assertInOrder();
            assertThat(scene.webhook().story().repetitions()).isZero();
        }
    }
}
