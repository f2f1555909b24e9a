package dev.tidemark.watermark;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was committed to H2 at one moment, on its way to the disk.
///
/// H2 serialises a version on one thread and writes it on another, and whoever commits next, or H2 itself
/// every half a second, may have begun that without waiting for its end. So neither its `CHECKPOINT SYNC`,
/// which only waits for what it has begun itself, nor a force that went well says that a version is in the
/// file: the one may force a file that lacks it, the other one that H2 has given up meanwhile because it
/// could not be written. What says so is the newest version in the file, looked at while nothing is under
/// way; or, as H2 writes nothing of a version in which no page has changed, that nothing is under way and
/// nothing failed.
///
/// @param store that made it: a database that was opened anew has versions of the same numbers
/// @param version the number of the newest change
record H2Snapshot(MVStore store, long version) {
    private static final Logger LOG = LoggerFactory.getLogger(H2Snapshot.class);

    /// Begins to write what is committed, and returns at once. None is begun while H2 tidies its file up or
    /// has begun one by itself, nor after it has given up its file, which the next write notices.
    static Optional<H2Snapshot> begin(Connection connection) throws SQLException {
        var store = store(connection);
        try {
            return Optional.of(store.tryCommit())
                    .filter(version -> version >= 0)
                    .map(version -> new H2Snapshot(store, version));
        } catch (MVStoreException e) {
            LOG.debug("H2 has given up its file.", e);
            return Optional.empty();
        }
    }

    /// What is committed, of which H2 has begun to write everything.
    static H2Snapshot latest(Connection connection) throws SQLException {
        var store = store(connection);
        return new H2Snapshot(store, store.getCurrentVersion());
    }

    static MVStore store(Connection connection) throws SQLException {
        var session = connection.unwrap(JdbcConnection.class).getSession();
        return ((SessionLocal) session).getDatabase().getStore().getMvStore();
    }

    /// Returns once this is on stable storage. To be called on a thread of H2's kind only.
    ///
    /// @throws StoreException if nobody knows whether it is
    void force() {
        try {
            // H2's wait for its threads is cut short by an interrupt, and does not say so; the second one is not
            if (!forced()) {
                forced();
            }
        } catch (MVStoreException e) {
            throw StoreErrors.failed(e);
        }
    }

    /// Whether it was written has to be asked first: what is written later is not forced by this. After a
    /// failure a force that goes well means nothing, as the system takes for written what it could not force
    /// before.
    ///
    /// @return whether the file was seen to hold this version or a later one
    private boolean forced() {
        var seen = new AtomicBoolean();
        store.executeFilestoreOperation(() -> {
            var failure = store.getPanicException();
            if (failure != null) {
                throw failure;
            }
            seen.set(store.getFileStore().lastChunkVersion() >= version);
            store.sync();
        });
        return seen.get();
    }
}
