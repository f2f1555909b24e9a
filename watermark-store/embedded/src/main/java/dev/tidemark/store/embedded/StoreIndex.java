package dev.tidemark.store.embedded;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
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

    private final IndexPlace place;
    private final JdbcRunner jdbc;

    StoreIndex(IndexPlace place, StoreThreadPools threads) {
        this.place = place;
        this.jdbc = new JdbcRunner(place, threads);
    }

    JdbcRunner jdbc() {
        return jdbc;
    }

    /// Creates the tables and fills them with the changes from `source`.
    ///
    /// @throws StoreException if H2 or the disk fails
    void fill(Consumer<Consumer<Change>> source) {
        begin(sink -> {
            source.accept(sink);
            return jdbc;
        });
        jdbc.complete();
    }

    /// Creates the tables and begins to fill them with the changes from `source`. The index stays incomplete until
    /// [#complete], so units of work may continue. Returns the result of `source`.
    ///
    /// @throws StoreException if H2 or the disk fails
    <T> T begin(Function<Consumer<Change>, T> source) {
        jdbc.forget();
        try {
            place.delete();
        } catch (IOException e) {
            throw StoreErrorTranslator.failed(e);
        }
        jdbc.write(tx -> IndexSchema.statements().forEach(tx::update));
        place.restrict();
        return add(source);
    }

    /// Adds the changes from `source`, after which the index holds everything. Called under the write lock.
    void complete(Consumer<Consumer<Change>> source) {
        add(sink -> {
            source.accept(sink);
            return jdbc;
        });
        jdbc.complete();
    }

    private <T> T add(Function<Consumer<Change>, T> source) {
        var some = new ArrayList<Change>();
        var result = source.apply(change -> {
            if (ChangeWriter.isIndexed(change)) {
                some.add(change);
            }
            if (some.size() == CHANGES_AT_ONCE) {
                flush(some);
            }
        });
        flush(some);
        return result;
    }

    private void flush(List<Change> some) {
        jdbc.write(ChangeWriter.all(List.copyOf(some)));
        some.clear();
    }

    /// Applies changes that are forced to disk. After a failure the index is unusable until it is filled again.
    void apply(List<Change> changes) {
        var rows = changes.stream().filter(ChangeWriter::isIndexed).toList();
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
        return jdbc.isComplete();
    }

    @Override
    public void close() {
        jdbc.close();
        try {
            place.delete();
        } catch (IOException e) {
            LOG.debug("Failed to delete the index; the next start deletes it", e);
        }
    }
}
