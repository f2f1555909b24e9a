package dev.tidemark.store.postgresql;

/// Prepares the tables of a store before it is opened. Called by the thread that opens the store, while its session
/// holds the [StoreLock].
@FunctionalInterface
interface SchemaPreparation {
    /// Leaves the tables as they are.
    SchemaPreparation NONE = connector -> {};

    /// Prepares the tables.
    ///
    /// @throws dev.tidemark.store.StoreException if the tables cannot be used
    void prepare(PostgresConnector connector);
}
