package dev.tidemark.store.embedded;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.sql.SqlReader;
import dev.tidemark.store.sql.SqlRow;
import dev.tidemark.store.sql.StoreThreadPools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// H2 tables for large data and for queries. An index of the log, built again at each start and after it failed.
/// Changed under the write lock only; read through [JdbcRunner] by any thread.
final class StoreIndex implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreIndex.class);
    private static final int CHANGES_AT_ONCE = 4096;

    private final StoreThreadPools threads;
    private volatile Database database;

    /// Database that holds the tables.
    private record Database(IndexPlace place, JdbcRunner jdbc) {
        static Database at(IndexPlace place, StoreThreadPools threads) {
            return new Database(place, new JdbcRunner(place, threads));
        }

        /// Creates empty tables.
        void create() {
            jdbc.forget();
            delete();
            jdbc.write(tx -> IndexSchema.statements().forEach(tx::update));
            place.restrict();
        }

        void delete() {
            try {
                place.delete();
            } catch (IOException e) {
                throw StoreErrorTranslator.failed(e);
            }
        }

        void close() {
            jdbc.close();
            try {
                place.delete();
            } catch (IOException e) {
                LOG.debug("Failed to delete the index; the next start deletes it", e);
            }
        }
    }

    /// Database that is being filled beside the one in use.
    ///
    /// @param end result of the source that filled it
    record IndexReplacement<T>(Database database, T end) {}

    StoreIndex(IndexPlace place, StoreThreadPools threads) {
        this.threads = threads;
        this.database = Database.at(place, threads);
    }

    JdbcRunner jdbc() {
        return database.jdbc();
    }

    /// Returns a reader of the database in use, which may be replaced meanwhile.
    SqlReader reader() {
        return new SqlReader() {
            @Override
            public <T> List<T> query(String sql, Function<SqlRow, T> mapper, Object... arguments) {
                while (true) {
                    var used = database;
                    try {
                        return used.jdbc().query(sql, mapper, arguments);
                    } catch (StoreException e) {
                        if (used.equals(database)) {
                            throw e;
                        }
                    }
                }
            }

            @Override
            public void forEach(String sql, Consumer<SqlRow> sink, Object... arguments) {
                jdbc().forEach(sql, sink, arguments);
            }
        };
    }

    /// Creates the tables and fills them with the changes from `source`.
    ///
    /// @throws StoreException if H2 or the disk fails
    void fill(Consumer<Consumer<Change>> source) {
        Database.at(database.place().other(), threads).delete();
        begin(sink -> {
            source.accept(sink);
            return this;
        });
        jdbc().complete();
    }

    /// Creates the tables and begins to fill them with the changes from `source`. The index stays incomplete until
    /// [#complete], so units of work may continue. Returns the result of `source`.
    ///
    /// @throws StoreException if H2 or the disk fails
    <T> T begin(Function<Consumer<Change>, T> source) {
        database.create();
        return add(jdbc(), source);
    }

    /// Adds the changes from `source`, after which the index holds everything. Called under the write lock.
    void complete(Consumer<Consumer<Change>> source) {
        add(jdbc(), sink -> {
            source.accept(sink);
            return this;
        });
        jdbc().complete();
    }

    /// Fills another database with the changes from `source`, so that no removed row is left in a file. Reads and
    /// units of work continue with the one in use until [#replace].
    <T> IndexReplacement<T> beginReplacement(Function<Consumer<Change>, T> source) {
        var next = Database.at(database.place().other(), threads);
        try {
            next.create();
            return new IndexReplacement<>(next, add(next.jdbc(), source));
        } catch (RuntimeException e) {
            next.close();
            throw e;
        }
    }

    /// Adds the changes from `source` to the other database, uses it, and deletes the old one. Called under the write
    /// lock.
    void replace(IndexReplacement<?> replacement, Consumer<Consumer<Change>> source) {
        var next = replacement.database();
        try {
            add(next.jdbc(), sink -> {
                source.accept(sink);
                return this;
            });
        } catch (RuntimeException e) {
            next.close();
            throw e;
        }
        next.jdbc().complete();
        var old = database;
        database = next;
        old.close();
    }

    private static <T> T add(JdbcRunner jdbc, Function<Consumer<Change>, T> source) {
        var some = new ArrayList<Change>();
        var result = source.apply(change -> {
            if (ChangeWriter.isIndexed(change)) {
                some.add(change);
            }
            if (some.size() == CHANGES_AT_ONCE) {
                flush(jdbc, some);
            }
        });
        flush(jdbc, some);
        return result;
    }

    private static void flush(JdbcRunner jdbc, List<Change> some) {
        jdbc.write(ChangeWriter.all(List.copyOf(some)));
        some.clear();
    }

    /// Applies changes that are forced to disk. After a failure the index is unusable until it is filled again.
    void apply(List<Change> changes) {
        var rows = changes.stream().filter(ChangeWriter::isIndexed).toList();
        var jdbc = jdbc();
        if (rows.isEmpty() || !jdbc.isComplete()) {
            return;
        }
        try {
            jdbc.write(ChangeWriter.all(rows));
        } catch (RuntimeException | Error e) {
            // the changes are durable, so they must reach memory even if the index fails
            jdbc.fail(e);
        }
    }

    /// Returns whether the index holds everything; otherwise it must be filled again.
    boolean isComplete() {
        return jdbc().isComplete();
    }

    @Override
    public void close() {
        database.close();
    }
}
