package dev.tidemark.store.postgresql;

import dev.tidemark.contract.StoreHome;

/// Runs all suites on a process that uses the store alone.
final class PostgresStoreTest extends ProcessSuites {
    @Override
    StoreHome home(PostgresHome place) {
        return place;
    }
}
