package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.endtoend.ClusterScene.ClusterPlan;
import dev.tidemark.endtoend.ClusterScene.ScenePace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Starts three nodes with many mailboxes from nothing, and starts one again. Prints time and memory of each.
@Tag("soak")
final class NodeStartIT {
    private static final List<String> NODES = List.of("a", "b", "c");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /// Takes `-Dstart.mailboxes=10000` and `-Dstart.rate=100`, the subscriptions per second.
    @Test
    void three_nodes_with_many_mailboxes_become_live_after_a_cold_start() {
        var count = Integer.getInteger("start.mailboxes", 10_000);
        var rate = Integer.getInteger("start.rate", 100);
        var addresses = IntStream.range(0, count)
                .mapToObj(number -> "mailbox" + number + "@example.com")
                .toList();
        // Exchange calls back in real time, and no mailbox is silent meanwhile
        var pace = new ScenePace(1, "1d", rate);
        var plan = ClusterPlan.of(NODES, addresses).withLease("10s").withPace(pace);
        try (var scene = new ClusterScene(folder, plan)) {
            var start = System.nanoTime();
            for (var node : NODES) {
                print(node + " ready after", timed(() -> scene.start(node)), scene.memory(node));
            }
            scene.awaitActive(count, "a");
            print(count + " mailboxes live after", since(start), "");
            NODES.forEach(node -> print(node, Duration.ZERO, scene.memory(node)));
            scene.stop("a");
            print("a ready again after", timed(() -> scene.start("a")), scene.memory("a"));
            scene.awaitActive(count, "a");
            assertThat(scene.holder("b")).isNotEmpty();
        }
    }

    private static Duration timed(Runnable task) {
        var start = System.nanoTime();
        task.run();
        return since(start);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void print(String what, Duration time, String memory) {
        System.getLogger("figures")
                .log(
                        System.Logger.Level.INFO,
                        String.format(Locale.ROOT, "%s %.1f s %s", what, time.toMillis() / 1000.0, memory));
    }
}
