package dev.tidemark.watermark;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// [WatermarkStore] in an H2 file: wires its parts, and opens and closes them in order.
final class H2Store implements WatermarkStore {
    private static final Logger LOG = LoggerFactory.getLogger(H2Store.class);
    private static final int TOKEN_KEY_BYTES = 32;

    private final JdbcRunner jdbc;
    private final DurableWrites writes;
    private final Ledger ledger;
    private final Folding folding;
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

    private H2Store(JdbcRunner jdbc, DurableWrites writes, StoreConfig config, Surroundings surroundings) {
        var clock = surroundings.clock();
        var table = new JournalTable(jdbc);
        var walk = new JournalWalk(table);
        var known = new KnownKeys(walk);
        var overlaps = new OverlapStart(walk, known);
        var states = new FolderStates(jdbc);
        var margin = config.resyncMargin();
        var stored = openInstance(new InstanceTable(jdbc), config, clock);
        this.jdbc = jdbc;
        this.writes = writes;
        this.ledger = new Ledger(jdbc, writes, clock, known, surroundings.names(), stored.row());
        this.offsets = new H2ExchangeOffsets(ledger, jdbc, surroundings.connectionOf());
        this.instance = stored.instance();
        this.past = stored.past();
        this.mailboxes = new H2Registry(ledger, surroundings.ids());
        this.subscriptions = new H2Subscriptions(ledger, overlaps, margin, clock);
        this.callers = new CallerBook(ledger);
        var storms = new GapStorms(surroundings.connectionOf(), clock);
        this.intake = new H2Intake(
                ledger,
                new Intaker(known, callers, storms, offsets, new DatabaseRollback(walk, states, margin), margin),
                subscriptions,
                storms,
                new FreeSpace(H2Address.folder(config.url()), config.minFree(), clock),
                new FileWatch(H2Address.file(config.url()), clock));
        this.journal = new H2Journal(ledger, table, walk, new DeadLetterTable(jdbc), instance.name(), clock);
        this.resyncs = new H2Resyncs(ledger, states, overlaps, margin);
        this.fallbacks = new H2Fallbacks(ledger, margin);
        this.whereabouts = new H2Whereabouts(ledger, jdbc);
        this.deliveries = new H2Deliveries(ledger, jdbc);
        this.details = new H2Details(ledger, jdbc);
        this.replays = new H2Replays(ledger, jdbc);
        writes.begin(stored);
        this.folding = new Folding(ledger, intake::releaseGaps, surroundings.foldEvery());
        ledger.load(stored, new Tail(table, margin, offsets));
        new SetBackClock(jdbc, table, offsets).mend(ledger, instance.createdAt(), margin, clock.instant());
        intake.recall();
        whereabouts.load();
    }

    static H2Store open(StoreConfig config, Surroundings surroundings) {
        return open(config, surroundings, Forcing.USUAL);
    }

    static H2Store open(StoreConfig config, Surroundings surroundings, Forcing forcing) {
        SealedFile.register();
        var jdbc = new JdbcRunner(config.url(), config.username(), config.password(), forcing.effort());
        try {
            jdbc.ping();
            var writes = new DurableWrites(jdbc, H2Address.database(config.url()), forcing);
            var store = open(jdbc, writes, config, surroundings);
            store.markClean(false);
            store.folding.start();
            LOG.info("Store {} of instance {} is open, {}", config.url(), store.instance.name(), store.past);
            return store;
        } catch (RuntimeException e) {
            jdbc.close();
            throw StoreErrors.unopened(e);
        }
    }

    private static H2Store open(JdbcRunner jdbc, DurableWrites writes, StoreConfig config, Surroundings surroundings) {
        try {
            Schema.upgrade(jdbc, config.username(), config.password(), writes::complete);
            return new H2Store(jdbc, writes, config, surroundings);
        } catch (RuntimeException e) {
            writes.close();
            throw e;
        }
    }

    private static InstanceTable.Stored openInstance(InstanceTable table, StoreConfig config, Clock clock) {
        var found = table.find();
        if (found.isEmpty()) {
            var key = new byte[TOKEN_KEY_BYTES];
            new SecureRandom().nextBytes(key);
            table.create(config.instance(), Base64.getEncoder().encodeToString(key), clock.instant());
        }
        var stored = found.or(table::find).orElseThrow();
        var name = stored.instance().name();
        if (config.instanceConfigured() && !config.instance().equals(name)) {
            throw new StoreException("The store belongs to instance '" + name + "', but the configuration says '"
                    + config.instance() + "'; set instance to '" + name + "', or give this instance a store.url of"
                    + " its own.");
        }
        return stored;
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

    private void closeFiles() {
        try {
            writes.close();
        } finally {
            jdbc.close();
        }
    }

    /// Does what the thread does every two seconds, and brings all rows up to the journal.
    void fold() {
        intake.releaseGaps();
        ledger.fold();
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        folding.close();
        try {
            ledger.probe();
            ledger.fold();
            markClean(true);
            writes.delete();
            LOG.info("Store of instance {} is closed", instance.name());
        } finally {
            closeFiles();
        }
    }
}
