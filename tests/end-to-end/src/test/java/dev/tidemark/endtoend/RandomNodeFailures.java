package dev.tidemark.endtoend;

import dev.tidemark.testpostgres.PostgresTestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Fails nodes of a cluster, their connections and their database, and repairs each before the next. Not
/// thread-safe; used by one thread.
final class RandomNodeFailures {
    private static final int SOME = 30;
    private static final String CUT_CONNECTIONS = """
            SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'tidemark %'
            GROUP BY () HAVING count(pg_terminate_backend(pid)) > 0
            """;

    /// Failures of one node, or of all connections.
    enum NodeFailure {
        KILL,
        KILL_UNTIL_TAKEOVER,
        SUSPEND,
        SUSPEND_UNTIL_TAKEOVER,
        CLEAN_STOP,
        CUT_CONNECTIONS,
        CUT_OFF,
        RESTART_OF_DATABASE,
        FAIL_OVER
    }

    private static final List<NodeFailure> RANDOM = List.of(
            NodeFailure.KILL,
            NodeFailure.KILL_UNTIL_TAKEOVER,
            NodeFailure.SUSPEND,
            NodeFailure.SUSPEND_UNTIL_TAKEOVER,
            NodeFailure.CLEAN_STOP,
            NodeFailure.CLEAN_STOP,
            NodeFailure.CUT_CONNECTIONS,
            NodeFailure.CUT_OFF);

    private final ClusterScene scene;
    private final List<String> nodes;
    private final Random random;
    private final List<Long> moments = new ArrayList<>();
    private final Map<NodeFailure, Integer> counts = new EnumMap<>(NodeFailure.class);

    RandomNodeFailures(ClusterScene scene, List<String> nodes, Random random) {
        this.scene = scene;
        this.nodes = nodes;
        this.random = random;
    }

    /// Returns the `System.nanoTime` of each failure that may repeat deliveries: of its beginning for a node, and of
    /// its end for an outage, in which nodes deliver without saving positions.
    List<Long> moments() {
        return moments.stream().sorted().toList();
    }

    Map<NodeFailure, Integer> counts() {
        return counts;
    }

    void runFor(Duration time, PostgresTestServer server) {
        var end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            var index = random.nextInt(nodes.size());
            fail(RANDOM.get(random.nextInt(RANDOM.size())), nodes.get(index), server);
            scene.awaitMoreReceived(SOME);
        }
    }

    private void fail(NodeFailure failure, String node, PostgresTestServer server) {
        counts.merge(failure, 1, Integer::sum);
        switch (failure) {
            case KILL -> kill(node, false);
            case KILL_UNTIL_TAKEOVER -> kill(node, true);
            case SUSPEND -> suspend(node, false);
            case SUSPEND_UNTIL_TAKEOVER -> suspend(node, true);
            case CLEAN_STOP -> {
                scene.stop(node);
                scene.awaitMoreReceived(SOME);
                scene.start(node);
            }
            case CUT_CONNECTIONS -> {
                server.awaitRow(CUT_CONNECTIONS);
                moments.add(System.nanoTime());
            }
            case CUT_OFF -> {
                scene.link(node).stall();
                awaitTakeover(node, true);
                scene.link(node).proceed();
                moments.add(System.nanoTime());
            }
            case RESTART_OF_DATABASE -> {
                server.kill();
                server.restart();
                moments.add(System.nanoTime());
            }
            case FAIL_OVER -> throw new IllegalStateException("The new primary is missing.");
        }
    }

    private void kill(String node, boolean untilTakeover) {
        moments.add(scene.kill(node));
        awaitTakeover(node, untilTakeover);
        scene.start(node);
    }

    private void suspend(String node, boolean untilTakeover) {
        moments.add(System.nanoTime());
        scene.suspend(node);
        awaitTakeover(node, untilTakeover);
        scene.proceed(node);
    }

    /// Waits for deliveries of the other nodes, until they have taken all work of the failed one or before.
    private void awaitTakeover(String node, boolean all) {
        if (all) {
            scene.awaitWithoutLeases(node, nodes.get((nodes.indexOf(node) + 1) % nodes.size()));
        }
        scene.awaitMoreReceived(SOME);
    }

    /// Ends the database without a warning, and starts it again.
    void restart(PostgresTestServer server) {
        fail(NodeFailure.RESTART_OF_DATABASE, nodes.getFirst(), server);
        scene.awaitMoreReceived(SOME);
    }

    /// Ends the primary, which its standby replaces.
    void replace(PostgresTestServer primary, PostgresTestServer standby) {
        counts.merge(NodeFailure.FAIL_OVER, 1, Integer::sum);
        primary.kill();
        standby.promote();
        scene.awaitMoreReceived(SOME);
        moments.add(System.nanoTime());
    }
}
