package dev.tidemark.watermark;

import dev.tidemark.log.FileLogDisk;
import dev.tidemark.log.LogConfig;
import dev.tidemark.log.LogDisk;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// [WatermarkStore] in an H2 file: wires its parts, and opens and closes them in order.
final class H2Store implements WatermarkStore {
    private static final Logger LOG = LoggerFactory.getLogger(H2Store.class);
    private static final int TOKEN_KEY_BYTES = 32;

    /// A start after a clean stop reads at most so much of the log besides the snapshot.
    private static final long QUICK_START = 16L << 20;

    private final StoreParts parts;
    private final CommitLog log;
    private final Ledger ledger;
    private final StoreHousekeeping housekeeping;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final InstanceRecord instance;
    private final String past;
    private final MailboxRegistry mailboxes;
    private final H2Subscriptions subscriptions;
    private final H2Intake intake;
    private final CallerBook callers;
    private final Journal journal;
    private final Resyncs resyncs;
    private final H2ExchangeOffsets offsets;
    private final Fallbacks fallbacks;
    private final H2Whereabouts whereabouts;
    private final Deliveries deliveries;
    private final Details details;
    private final Replays replays;

    /// What a store takes from its surroundings besides its configuration.
    ///
    /// @param ids where the ids of new mailboxes come from
    /// @param foldEvery how often the rows are brought up to the journal; heartbeats have to be on disk
    ///     within
    ///     five seconds
    /// @param names what is known of folders when an event is recorded
    /// @param connectionOf tells a group's connection
    record Surroundings(
            Clock clock,
            RandomGenerator ids,
            Duration foldEvery,
            FolderNames names,
            UnaryOperator<String> connectionOf) {
        Surroundings(Clock clock, RandomGenerator ids, Duration foldEvery) {
            this(clock, ids, foldEvery, new FolderNames(), UnaryOperator.identity());
        }

        static Surroundings usual(FolderNames names, UnaryOperator<String> connectionOf, Clock clock) {
            return new Surroundings(clock, new SecureRandom(), Duration.ofSeconds(2), names, connectionOf);
        }
    }

    private H2Store(StoreParts parts, StoreConfig config, Surroundings surroundings) {
        var clock = surroundings.clock();
        var margin = config.resyncMargin();
        var files = StoreFiles.of(config.url());
        this.parts = parts;
        this.log = parts.log();
        var index = parts.index();
        var reader = new JournalReader(log);
        var start = new StoreStart(log, reader);
        index.fill(start::readState);
        var stored = start.instance().orElseGet(() -> create(config, clock.instant()));
        requireInstance(config, stored.name());
        var jdbc = index.jdbc();
        var walk = new JournalWalk(reader);
        var known = new KnownKeys(walk);
        var overlaps = new OverlapStart(walk, known);
        var states = new FolderStates(jdbc);
        this.ledger = new Ledger(log, index, reader, clock, known, surroundings.names(), stored);
        this.offsets = new H2ExchangeOffsets(ledger, jdbc, surroundings.connectionOf());
        this.instance = new InstanceRecord(stored.name(), stored.tokenKey(), stored.createdAt(), stored.clean());
        this.past = start.past();
        this.mailboxes = new H2Registry(ledger, surroundings.ids());
        this.subscriptions = new H2Subscriptions(ledger, overlaps, margin, clock);
        this.callers = new CallerBook(ledger);
        var storms = new GapStorms(surroundings.connectionOf(), clock);
        this.intake = new H2Intake(
                ledger,
                new Intaker(known, callers, storms, offsets, new DatabaseRollback(walk, states, margin), margin),
                subscriptions,
                storms,
                new FreeSpace(files.folder(), config.minFree(), clock),
                new FileWatch(Optional.of(files.log()).filter(Files::exists), clock));
        this.journal = new H2Journal(ledger, reader, walk, new DeadLetterTable(jdbc), instance.name(), clock);
        this.resyncs = new H2Resyncs(ledger, states, overlaps, margin);
        this.fallbacks = new H2Fallbacks(ledger, margin);
        this.whereabouts = new H2Whereabouts(ledger, jdbc);
        this.deliveries = new H2Deliveries(ledger, jdbc);
        this.details = new H2Details(ledger, jdbc);
        this.replays = new H2Replays(ledger, jdbc);
        this.housekeeping = new StoreHousekeeping(
                log,
                ledger,
                new StoreSnapshots(log, ledger, reader, clock),
                reader,
                parts.threads(),
                intake::releaseGaps,
                surroundings.foldEvery());
        ledger.load(start.mailboxes(margin, offsets));
        new SetBackClock(jdbc, reader, offsets).mend(ledger, instance.createdAt(), margin, clock.instant());
        intake.recall();
        whereabouts.load();
    }

    /// The parts that hold files.
    record StoreParts(StoreThreads threads, CommitLog log, StoreIndex index) implements AutoCloseable {
        static StoreParts open(LogDisk disk, LogConfig config, IndexPlace index, Clock clock) {
            var threads = new StoreThreads();
            try {
                var log = CommitLog.open(disk, config, clock, threads);
                return new StoreParts(threads, log, new StoreIndex(index, threads));
            } catch (RuntimeException e) {
                threads.close();
                throw e;
            }
        }

        @Override
        public void close() {
            try {
                index.close();
            } finally {
                closeLog();
            }
        }

        private void closeLog() {
            try {
                log.close();
            } finally {
                threads.close();
            }
        }
    }

    static H2Store open(StoreConfig config, Surroundings surroundings) {
        var files = StoreFiles.of(config.url());
        files.refuseOlderStore();
        return open(config, surroundings, new FileLogDisk(files.log()), LogConfig.DEFAULT);
    }

    static H2Store open(StoreConfig config, Surroundings surroundings, LogDisk disk, LogConfig logConfig) {
        return open(
                config,
                surroundings,
                disk,
                logConfig,
                StoreFiles.of(config.url()).index());
    }

    /// Opens a store on other disks than those of the system.
    static H2Store open(
            StoreConfig config, Surroundings surroundings, LogDisk disk, LogConfig logConfig, IndexPlace index) {
        try {
            var parts = StoreParts.open(disk, logConfig, index, surroundings.clock());
            try {
                var store = new H2Store(parts, config, surroundings);
                store.markClean(false);
                store.housekeeping.start();
                LOG.info("Store {} of instance {} is open, {}", config.url(), store.instance.name(), store.past);
                return store;
            } catch (RuntimeException e) {
                parts.close();
                throw e;
            }
        } catch (RuntimeException e) {
            throw StoreErrors.unopened(e);
        }
    }

    private Change.InstanceSaved create(StoreConfig config, Instant now) {
        var key = new byte[TOKEN_KEY_BYTES];
        new SecureRandom().nextBytes(key);
        var fresh = new Change.InstanceSaved(
                config.instance(),
                Base64.getEncoder().encodeToString(key),
                now.truncatedTo(ChronoUnit.MILLIS),
                true,
                0);
        log.append(List.of(fresh), now);
        return fresh;
    }

    private static void requireInstance(StoreConfig config, String name) {
        if (config.instanceConfigured() && !config.instance().equals(name)) {
            throw new StoreException("The store belongs to instance '" + name + "', but the configuration says '"
                    + config.instance() + "'; set instance to '" + name + "', or give this instance a store.url of"
                    + " its own.");
        }
    }

    /// What became of it before this start, in words.
    String past() {
        return past;
    }

    @Override
    public InstanceRecord instance() {
        return instance;
    }

    @Override
    public MailboxRegistry mailboxes() {
        return mailboxes;
    }

    @Override
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    @Override
    public Intake intake() {
        return intake;
    }

    @Override
    public Callers callers() {
        return callers;
    }

    @Override
    public Journal journal() {
        return journal;
    }

    @Override
    public Resyncs resyncs() {
        return resyncs;
    }

    @Override
    public ExchangeOffsets exchangeOffsets() {
        return offsets;
    }

    @Override
    public Fallbacks fallbacks() {
        return fallbacks;
    }

    @Override
    public Whereabouts whereabouts() {
        return whereabouts;
    }

    @Override
    public Deliveries deliveries() {
        return deliveries;
    }

    @Override
    public Details details() {
        return details;
    }

    @Override
    public Replays replays() {
        return replays;
    }

    private void markClean(boolean isClean) {
        ledger.change(draft -> {
            draft.clean(isClean);
            return draft;
        });
    }

    /// Does what housekeeping does every two seconds.
    void fold() {
        intake.releaseGaps();
        ledger.saveHeard();
    }

    /// Takes a snapshot. Callers see to it that housekeeping does not take one meanwhile.
    void snapshot() {
        housekeeping.snapshot();
    }

    /// The next start only takes longer without it.
    private void snapshotIfUseful() {
        try {
            if (log.bytesSinceSnapshot() > QUICK_START || !instance.stoppedCleanly()) {
                snapshot();
            }
        } catch (StoreException e) {
            LOG.warn("Failed to take a snapshot; the next start reads more of the log: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        housekeeping.close();
        try {
            ledger.probe();
            ledger.saveHeard();
            snapshotIfUseful();
            markClean(true);
            LOG.info("Store of instance {} is closed", instance.name());
        } finally {
            parts.close();
        }
    }
}
