package dev.tidemark.store.postgresql;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.UnexpectedStoreException;
import dev.tidemark.store.lease.LeaseStore;
import dev.tidemark.store.rules.RuleStore;
import dev.tidemark.store.sql.PeriodicTask;
import dev.tidemark.store.sql.StoreTables;
import dev.tidemark.store.sql.StoreThreadPools;
import dev.tidemark.store.transfer.StoreSource;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// [dev.tidemark.store.WatermarkStore] on PostgreSQL: opens and closes connections and threads below the rules in
/// order. Thread-safe.
final class PostgresStore extends RuleStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresStore.class);

    private static final Duration MAX_DELAY = Duration.ofSeconds(2);

    private final PostgresParts parts;
    private final PostgresHousekeeping housekeeping;
    private final PostgresLeases leases;
    private final PeriodicThread tail;
    private final NodeWakeups wakeups;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Parts that a store needs besides its configuration.
    ///
    /// @param tables prepares the tables before they are opened
    /// @param foldEvery interval between saves of heartbeats; they must be on disk within five seconds
    /// @param pollEvery interval after which a node reads the commits of others at the latest
    /// @param announces whether nodes wake each other after commits and released leases
    record Dependencies(
            RuleStore.Dependencies rules,
            SchemaPreparation tables,
            Duration foldEvery,
            Duration pollEvery,
            boolean announces) {
        static Dependencies defaults(FolderNameCache names, UnaryOperator<String> connectionOf, Clock clock) {
            RandomGenerator ids = new SecureRandom();
            var rules = new RuleStore.Dependencies(clock, ids, names, connectionOf);
            return new Dependencies(rules, SchemaMigration::run, Duration.ofSeconds(2), Duration.ofMillis(200), true);
        }
    }

    /// Connections and threads.
    record PostgresParts(
            PostgresConnector connector,
            StoreThreadPools threads,
            ReaderPool readers,
            PostgresWork work,
            PostgresJournal journal)
            implements AutoCloseable {
        /// Opens the tables; creates or upgrades them first.
        static PostgresParts open(StoreConfig config) {
            return open(config, SchemaMigration::run);
        }

        /// Opens the tables, which `tables` prepares first.
        static PostgresParts open(StoreConfig config, SchemaPreparation tables) {
            var threads = new StoreThreadPools(config.pool() - 1);
            try {
                return open(new PostgresConnector(config), tables, threads, config.pool() - 1);
            } catch (RuntimeException e) {
                threads.close();
                throw e;
            }
        }

        /// Opens the tables with at most `size` connections for queries.
        static PostgresParts open(
                PostgresConnector connector, SchemaPreparation tables, StoreThreadPools threads, int size) {
            var days = new JournalDays();
            var work = threads.write(() -> connect(connector, tables, threads, days));
            try {
                var readers = new ReaderPool(connector, size, threads, new ServerHealth(work));
                return new PostgresParts(connector, threads, readers, work, new PostgresJournal(readers, work, days));
            } catch (RuntimeException e) {
                work.close();
                throw e;
            }
        }

        private static PostgresWork connect(
                PostgresConnector connector, SchemaPreparation tables, StoreThreadPools threads, JournalDays days) {
            try {
                return PostgresWork.open(connector, tables, threads, days);
            } catch (SQLException e) {
                throw PostgresErrors.INSTANCE.translate(e);
            }
        }

        PostgresEngine engine() {
            var state = new PostgresStart(readers, journal, work.mailboxesTo(), work.isInUse());
            return new PostgresEngine(state, work, journal, new StoreTables(readers), new ServerHealth(work));
        }

        /// Ends all connections and threads.
        @Override
        public void close() {
            try {
                readers.close();
            } finally {
                work.close();
                threads.close();
            }
        }
    }

    private PostgresStore(PostgresParts parts, StoreConfig config, Dependencies dependencies) {
        super(parts.engine(), config, dependencies.rules());
        this.parts = parts;
        this.housekeeping = new PostgresHousekeeping(parts.work(), upkeep(), dependencies.foldEvery());
        var poll =
                new PeriodicTask("Reading of other nodes' commits", dependencies.pollEvery(), MAX_DELAY, this::catchUp);
        this.tail = new PeriodicThread("store-tail", dependencies.pollEvery(), List.of(poll));
        this.wakeups = NodeWakeups.of(parts.connector(), tail::wake, dependencies.announces());
        this.leases = new PostgresLeases(parts.connector(), dependencies.rules().clock(), wakeups::onLeases);
    }

    static PostgresStore open(StoreConfig config, Dependencies dependencies) {
        try {
            var parts = PostgresParts.open(config, dependencies.tables());
            try {
                var store = new PostgresStore(parts, config, dependencies);
                var previousStop = store.instance().stoppedCleanly() ? "stopped cleanly" : "not stopped cleanly";
                store.upkeep().markClean(false);
                store.start();
                LOG.info(
                        "Store of instance {} on PostgreSQL is open, {} before",
                        store.instance().name(),
                        previousStop);
                return store;
            } catch (RuntimeException e) {
                parts.close();
                throw e;
            }
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnexpectedStoreException(String.valueOf(e.getMessage()), e);
        }
    }

    private void start() {
        housekeeping.start();
        if (parts.work().isShared()) {
            // from here, each commit saves its mailboxes
            housekeeping.checkpoint();
            tail.start();
            parts.work().onAppended(wakeups::onCommit);
            wakeups.start();
        }
    }

    /// Applies the commits of other nodes now, as the tail does periodically.
    void catchUp() {
        upkeep().catchUp();
    }

    @Override
    public StoreSource openSource() {
        return PostgresContents.open(parts.connector());
    }

    @Override
    public Optional<LeaseStore> leases() {
        return Optional.of(leases);
    }

    /// Runs the work that housekeeping does every two seconds.
    void saveHeartbeats() {
        upkeep().probe();
        upkeep().releaseGaps();
        upkeep().eraseForgotten();
        upkeep().saveHeartbeats();
    }

    /// Drops the days of the journal that retention has emptied, as housekeeping does each minute.
    void dropDays() {
        housekeeping.dropDays();
    }

    /// Removes old commits, as housekeeping does every few seconds.
    void pruneCommits() {
        housekeeping.pruneCommits();
    }

    private void stopThreads() {
        wakeups.close();
        tail.close();
        housekeeping.close();
    }

    /// Ends the connections like a killed process: saves nothing.
    void abandon() {
        closed.set(true);
        leases.close();
        stopThreads();
        parts.close();
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        leases.close();
        stopThreads();
        try {
            upkeep().probe();
            upkeep().saveHeartbeats();
            housekeeping.checkpoint();
            upkeep().markClean(true);
            LOG.info("Store of instance {} is closed", instance().name());
        } finally {
            parts.close();
        }
    }
}
