package dev.tidemark.watermark;

import java.sql.Connection;
import java.sql.SQLException;
import org.h2.mvstore.MVStore;

/// A time during which H2 writes nothing on its own account, as it does else every half a second, whatever is
/// half done then: a table that is made or changed is not a transaction to it.
///
/// @param delay milliseconds, as it was before
record H2Pause(MVStore store, int delay) {
    /// Milliseconds; no change takes as long. Without any delay H2 would write with each commit.
    private static final int DAY = 86_400_000;

    /// Returns once nothing is being written.
    static H2Pause begin(Connection connection) throws SQLException {
        var store = H2Snapshot.store(connection);
        var pause = new H2Pause(store, store.getAutoCommitDelay());
        store.setAutoCommitDelay(DAY);
        return pause;
    }

    void end() {
        store.setAutoCommitDelay(delay);
    }
}
