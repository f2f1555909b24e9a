package dev.tidemark.daemon.metrics;

import dev.tidemark.store.lease.LeaseStore.ClusterNode;
import java.util.List;
import java.util.function.Supplier;

/// Metrics of the nodes of a cluster, as this node sees them. A daemon without a cluster counts itself.
record NodeMetrics(Supplier<List<ClusterNode>> nodes) implements MetricSource {
    private static final String NODES_HELP = "Nodes of the cluster by state: alive, or gone without a clean stop.";
    private static final double MILLIS = 1000;

    @Override
    public void collect(MetricPage page) {
        var all = nodes.get();
        var alive = all.stream().filter(ClusterNode::alive).count();
        page.gauge("nodes", NODES_HELP, MetricLabels.of("state", "alive"), alive);
        page.gauge("nodes", NODES_HELP, MetricLabels.of("state", "gone"), all.size() - alive);
        page.gauge(
                "leases_held",
                "Leases that live nodes hold: one per sink or sink partition, and one for the timed work.",
                all.stream()
                        .filter(ClusterNode::alive)
                        .mapToLong(node -> node.leases().size())
                        .sum());
        page.gauge(
                "node_clock_offset_max_seconds",
                "Largest difference between the clock of a live node and that of the database.",
                all.stream()
                        .filter(ClusterNode::alive)
                        .mapToDouble(node -> Math.abs(node.clockOffset().toMillis() / MILLIS))
                        .max()
                        .orElse(0));
    }
}
