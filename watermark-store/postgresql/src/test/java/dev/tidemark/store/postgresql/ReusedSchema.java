package dev.tidemark.store.postgresql;

import dev.tidemark.testpostgres.PostgresTestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Schema that the tests of one class use one after another, each with empty tables: creating the tables takes longer
/// than most tests. Thread-safe.
final class ReusedSchema {
    private static final ConcurrentMap<String, ReusedSchema> BY_TEST = new ConcurrentHashMap<>();

    /// leaves the partitions of the journal, without rows
    private static final String EMPTY = """
            DO $$
            DECLARE found record;
            BEGIN
                FOR found IN SELECT oid::regclass AS name FROM pg_class
                    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
                    AND NOT relispartition AND relname NOT IN ('schema_history', 'store_partition')
                LOOP
                    EXECUTE 'DELETE FROM ' || found.name;
                END LOOP;
                UPDATE store_partition SET owner_epoch = 0, commits = 0, newest_position = 0, pruned_to = 0,
                    mailboxes_to = 0;
            END $$
            """;

    private final PostgresConnector connector;
    private final PostgresHome home;

    private ReusedSchema() {
        this.home = new PostgresHome(PostgresTestServer.newStore(), SchemaPreparation.NONE);
        this.connector = new PostgresConnector(home.config());
        SchemaMigration.run(connector);
    }

    /// Returns a place without a store, for the next test of a class.
    ///
    /// @param test name of the class
    static PostgresHome emptied(String test) {
        return BY_TEST.computeIfAbsent(test, ignored -> new ReusedSchema()).emptied();
    }

    private PostgresHome emptied() {
        try (Connection connection = connector.connect();
                var statement = connection.createStatement()) {
            statement.execute(EMPTY);
            return home;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
