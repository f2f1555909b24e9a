package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.endtoend.ClusterScene.ClusterPlan;
import dev.tidemark.testpostgres.PostgresTestServer;
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
/// share, and the processor time of each event. Prints the figures, which only compare with each other.
@Tag("soak")
final class SinkSharingIT {
    private static final int MAILS_PER_SECOND = 200;
    private static final List<String> NODES = List.of("a", "b", "c");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /// Figures of one number of nodes.
    ///
    /// @param rate events per second
    /// @param daemons processor time of all nodes for each event, in milliseconds
    /// @param database that of PostgreSQL
    private record SharingFigures(double rate, double daemons, double database) {}

    /// Takes `-Dsharing.events=3000`, `-Dsharing.nodes=3`, the largest number of nodes, and `-Dsharing.partitions=6`,
    /// at least that number.
    @Test
    void nodes_share_the_deliveries_of_one_sink() {
        var events = Integer.getInteger("sharing.events", 3000);
        var most = Integer.getInteger("sharing.nodes", NODES.size());
        var partitions = Integer.getInteger("sharing.partitions", 6);
        try (var server = PostgresTestServer.startIn(folder.resolve("postgres"))) {
            var figures = new ArrayList<SharingFigures>();
            for (var count = 1; count <= most; count++) {
                figures.add(deliver(server, NODES.subList(0, count), events, partitions));
            }
            for (var count = 1; count <= most; count++) {
                print(
                        events + " waiting events in " + partitions + " partitions, " + count + " nodes",
                        figures.get(count - 1),
                        figures.getFirst().rate());
            }
            assertThat(figures).allMatch(figure -> figure.rate() > 0 && figure.daemons() > 0);
        }
    }

    private static void print(String what, SharingFigures figures, double single) {
        System.getLogger("figures")
                .log(
                        System.Logger.Level.INFO,
                        String.format(
                                Locale.ROOT,
                                "%s: %.0f/s (%.2f times), processor time per event %.2f ms of all nodes and %.2f ms of"
                                        + " PostgreSQL",
                                what,
                                figures.rate(),
                                figures.rate() / single,
                                figures.daemons(),
                                figures.database()));
    }

    private SharingFigures deliver(PostgresTestServer server, List<String> nodes, int events, int partitions) {
        var addresses = IntStream.range(0, 30)
                .mapToObj(number -> "mailbox" + number + "@example.com")
                .toList();
        var plan = ClusterPlan.of(nodes, addresses)
                .withStore(server.store())
                .withLease("4s")
                .withPartitions(partitions);
        try (var scene = new ClusterScene(folder.resolve(nodes.size() + " nodes"), plan)) {
            scene.startAll();
            scene.awaitSubscribed("a");
            scene.awaitDeliveringNodes("a", nodes.size());
            scene.order("a", "disable");
            try (var load = scene.load(MAILS_PER_SECOND)) {
                scene.awaitBacklog("a", events);
                load.assertStillRunning();
            }
            return measured(scene, server);
        }
    }

    /// Delivers the waiting events.
    private static SharingFigures measured(ClusterScene scene, PostgresTestServer server) {
        var before = scene.webhook().requests().size();
        var daemons = scene.processorTime();
        var database = server.processorTime();
        var started = System.nanoTime();
        scene.order("a", "enable");
        scene.awaitAllReceived();
        var seconds = (System.nanoTime() - started) / 1e9;
        var delivered = scene.webhook().requests().size() - before;
        var figures = new SharingFigures(
                delivered / seconds,
                (double) scene.processorTime().minus(daemons).toMillis() / delivered,
                (double) server.processorTime().minus(database).toMillis() / delivered);
        scene.assertInOrder();
        return figures;
    }
}
