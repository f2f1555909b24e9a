package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.endtoend.ClusterScene.ClusterPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Measures the rates at which one, two and three nodes deliver waiting events of one sink, whose mailboxes they
/// share. Prints the rates, which only compare with each other.
@Tag("soak")
final class SinkSharingIT {
    private static final int PARTITIONS = 6;
    private static final int MAILS_PER_SECOND = 200;
    private static final List<String> NODES = List.of("a", "b", "c");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /// Takes `-Dsharing.events=3000`.
    @Test
    void nodes_share_the_deliveries_of_one_sink() {
        var events = Integer.getInteger("sharing.events", 3000);
        var rates = new ArrayList<Double>();
        for (var count = 1; count <= NODES.size(); count++) {
            rates.add(rate(NODES.subList(0, count), events));
        }
        System.getLogger("figures")
                .log(
                        System.Logger.Level.INFO,
                        String.format(
                                Locale.ROOT,
                                "%d waiting events in %d partitions: one node %.0f/s, two %.2f times, three %.2f times",
                                events,
                                PARTITIONS,
                                rates.get(0),
                                rates.get(1) / rates.get(0),
                                rates.get(2) / rates.get(0)));
        assertThat(rates).allMatch(rate -> rate > 0);
    }

    private double rate(List<String> nodes, int events) {
        var addresses = IntStream.range(0, 30)
                .mapToObj(number -> "mailbox" + number + "@example.com")
                .toList();
        var plan = ClusterPlan.of(nodes, addresses).withLease("4s").withPartitions(PARTITIONS);
        try (var scene = new ClusterScene(folder.resolve(nodes.size() + " nodes"), plan)) {
            scene.startAll();
            scene.awaitSubscribed("a");
            scene.awaitDeliveringNodes("a", nodes.size());
            scene.order("a", "disable");
            try (var load = scene.load(MAILS_PER_SECOND)) {
                scene.awaitBacklog("a", events);
                load.assertStillRunning();
            }
            var before = scene.webhook().requests().size();
            var started = System.nanoTime();
            scene.order("a", "enable");
            scene.awaitAllReceived();
            scene.assertInOrder();
            return (scene.webhook().requests().size() - before) * 1e9 / (System.nanoTime() - started);
        }
    }
}
