package dev.tidemark.store.postgresql;

import dev.tidemark.contract.StoreHome;

/// Runs the suites on two nodes that take calls in turns.
final class AlternatingNodesTest extends PostgresSuites {
    @Override
    StoreHome home(PostgresHome place) {
        return new NodePairHome(place, true);
    }
}
