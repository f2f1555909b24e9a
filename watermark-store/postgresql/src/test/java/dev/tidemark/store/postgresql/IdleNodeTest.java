package dev.tidemark.store.postgresql;

import dev.tidemark.contract.StoreHome;
import org.junit.jupiter.api.Tag;

/// Runs all suites on a node beside a second one that is idle.
@Tag("soak")
final class IdleNodeTest extends ProcessSuites {
    @Override
    StoreHome home(PostgresHome place) {
        return new NodePairHome(place, false);
    }
}
