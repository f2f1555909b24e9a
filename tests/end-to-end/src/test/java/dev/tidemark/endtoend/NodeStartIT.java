package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.endtoend.ClusterScene.ClusterPlan;
import dev.tidemark.endtoend.ClusterScene.ScenePace;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Starts three nodes with many mailboxes at once, from nothing and again after a stop of all. Prints the time until
/// all mailboxes are live, and memory, commits and sweeps of each node.
@Tag("soak")
final class NodeStartIT {
    private static final List<String> NODES = List.of("a", "b", "c");
    private static final String SWEEPS = "tidemark_sweep_duration_seconds";
    private static final String COMMITS = "tidemark_store_sync_duration_seconds_count";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /// Takes `-Dstart.mailboxes=10000`, `-Dstart.rate=100` (subscriptions per second),
    /// `-Dstart.concurrency=8` (requests in flight) and `-Dtidemark.heap=256m`.
    @Test
    void three_nodes_with_many_mailboxes_become_live_after_a_cold_start() throws Exception {
        var count = Integer.getInteger("start.mailboxes", 10_000);
        var rate = Integer.getInteger("start.rate", 100);
        var addresses = IntStream.range(0, count)
                .mapToObj(number -> "mailbox" + number + "@example.com")
                .toList();
        // Exchange calls back in real time, and no mailbox is silent meanwhile
        var pace = new ScenePace(1, "1d", rate, Integer.getInteger("start.concurrency", 8));
        var plan = ClusterPlan.of(NODES, addresses).withLease("10s").withPace(pace);
        try (var scene = new ClusterScene(folder, plan)) {
            start(scene, "first start", count);
            NODES.forEach(scene::stop);
            start(scene, "start with stored mailboxes", count);
        }
    }

    private static void start(ClusterScene scene, String what, int count) throws Exception {
        var started = System.nanoTime();
        scene.startTogether();
        print(what + ": three nodes ready after " + since(started));
        scene.awaitActive(count, "a");
        print(what + ": " + count + " mailboxes live after " + since(started));
        for (var node : NODES) {
            var heap = scene.process(node).liveHeap();
            assertThat(heap).as("live heap of node " + node).isPositive();
            print(what + ": node " + node + " has " + scene.process(node).residentMemory() + ", live heap "
                    + (heap >> 20) + " MiB, " + (long) scene.metric(node, COMMITS) + " commits, "
                    + sweeps(scene, node));
        }
    }

    /// Describes the sweeps of a node; only the node with the timed work has any.
    private static String sweeps(ClusterScene scene, String node) {
        var count = scene.metric(node, SWEEPS + "_count");
        var seconds = scene.metric(node, SWEEPS + "_sum");
        return String.format(
                Locale.ROOT,
                "%.0f sweeps of %.2f ms on average, 99 %% within %s s",
                count,
                count == 0 ? 0 : 1000 * seconds / count,
                scene.quantile(node, SWEEPS, 0.99));
    }

    private static String since(long start) {
        return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - start) / 1e9);
    }

    private static void print(String figures) {
        System.getLogger("figures").log(System.Logger.Level.INFO, figures);
    }
}
