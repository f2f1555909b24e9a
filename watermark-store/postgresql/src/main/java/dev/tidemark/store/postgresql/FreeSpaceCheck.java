package dev.tidemark.store.postgresql;

import java.sql.Connection;
import java.sql.SQLException;

/// Checks that a server whose disk was full can write new pages. Updates of rows may fit into pages that exist, so the
/// success of one does not prove it.
final class FreeSpaceCheck {
    /// about 650 KiB, more than most commits
    private static final String WRITE_TABLE =
            "CREATE TABLE free_space_check AS SELECT md5(n::text) AS filler FROM generate_series(1, 10000) AS n";

    private FreeSpaceCheck() {}

    /// Writes a table and rolls it back. The connection must be in autocommit mode, and is so afterward.
    ///
    /// @throws SQLException if the disk is still full
    static void run(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute(WRITE_TABLE);
        }
        connection.rollback();
        connection.setAutoCommit(true);
    }
}
