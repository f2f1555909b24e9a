package dev.tidemark.daemon;

import dev.tidemark.store.lease.LeaseStore.ClusterNode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Nodes of the cluster as of the last renewal. Logs each node that joins, leaves or dies. [LeaseKeeper] passes
/// the nodes; any thread reads them.
final class NodeWatch {
    private static final Logger LOG = LoggerFactory.getLogger(NodeWatch.class);

    private final String self;
    private volatile List<ClusterNode> nodes = List.of();

    /// @param self name of this node
    NodeWatch(String self) {
        this.self = self;
    }

    List<ClusterNode> nodes() {
        return nodes;
    }

    void observe(List<ClusterNode> next) {
        var before = byName(nodes);
        var after = byName(next);
        nodes = next;
        after.values().stream()
                .filter(node -> !node.name().equals(self) && node.alive() && !isAlive(before.get(node.name())))
                .forEach(node -> LOG.info("Node {} of version {} is in the cluster", node.name(), node.version()));
        before.values().stream()
                .filter(node -> node.alive() && !isAlive(after.get(node.name())))
                .forEach(node -> logEnd(node, after.containsKey(node.name())));
    }

    private static Map<String, ClusterNode> byName(List<ClusterNode> nodes) {
        return nodes.stream().collect(Collectors.toMap(ClusterNode::name, Function.identity()));
    }

    private static boolean isAlive(@Nullable ClusterNode node) {
        return node != null && node.alive();
    }

    private static void logEnd(ClusterNode node, boolean isKnown) {
        if (isKnown) {
            LOG.warn(
                    "Node {} has disappeared, last seen at {}; other nodes take over its work; check that machine",
                    node.name(),
                    node.lastSeenAt());
        } else {
            LOG.info("Node {} has left the cluster", node.name());
        }
    }
}
