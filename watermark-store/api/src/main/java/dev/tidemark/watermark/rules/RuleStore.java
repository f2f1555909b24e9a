package dev.tidemark.watermark.rules;

import dev.tidemark.watermark.Callers;
import dev.tidemark.watermark.Deliveries;
import dev.tidemark.watermark.Details;
import dev.tidemark.watermark.ExchangeOffsets;
import dev.tidemark.watermark.Fallbacks;
import dev.tidemark.watermark.FolderNames;
import dev.tidemark.watermark.InstanceRecord;
import dev.tidemark.watermark.Intake;
import dev.tidemark.watermark.Journal;
import dev.tidemark.watermark.MailboxRegistry;
import dev.tidemark.watermark.Replays;
import dev.tidemark.watermark.Resyncs;
import dev.tidemark.watermark.StoreConfig;
import dev.tidemark.watermark.StoreException;
import dev.tidemark.watermark.Subscriptions;
import dev.tidemark.watermark.WatermarkStore;
import dev.tidemark.watermark.Whereabouts;
import dev.tidemark.watermark.change.Change;
import dev.tidemark.watermark.engine.StoreEngine;
import dev.tidemark.watermark.engine.UnitOfWork;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// [WatermarkStore] made of the rules, on any engine. The store of an engine extends it, and opens and closes the
/// engine. Thread-safe.
public abstract class RuleStore implements WatermarkStore {
    private static final int TOKEN_KEY_BYTES = 32;

    private final StoreUpkeep upkeep;
    private final InstanceRecord instance;
    private final MailboxRegistry mailboxes;
    private final Subscriptions subscriptions;
    private final Intake intake;
    private final Callers callers;
    private final Journal journal;
    private final Resyncs resyncs;
    private final ExchangeOffsets offsets;
    private final Fallbacks fallbacks;
    private final Whereabouts whereabouts;
    private final Deliveries deliveries;
    private final Details details;
    private final Replays replays;

    /// Parts that a store needs besides engine and configuration.
    ///
    /// @param ids source of the ids of new mailboxes
    /// @param names names of folders, for events that are recorded
    /// @param connectionOf returns a group's connection
    public record Surroundings(
            Clock clock, RandomGenerator ids, FolderNames names, UnaryOperator<String> connectionOf) {}

    /// Reads the state of the store into memory, and makes the store if it is new.
    ///
    /// @throws StoreException if the store belongs to another instance, or the engine fails
    protected RuleStore(StoreEngine engine, StoreConfig config, Surroundings surroundings) {
        var clock = surroundings.clock();
        var margin = config.resyncMargin();
        var stored = engine.state().instance().orElseGet(() -> create(engine.unitOfWork(), config, clock.instant()));
        requireInstance(config, stored.name());
        this.instance = new InstanceRecord(stored.name(), stored.tokenKey(), stored.createdAt(), stored.clean());
        var walk = new JournalWalk(engine.journal());
        var known = new KnownKeys(walk);
        var overlaps = new OverlapStart(walk, known);
        var ledger = new Ledger(engine.unitOfWork(), clock, known, surroundings.names(), stored);
        var clocks = new OffsetRules(ledger, engine.clockOffsets(), surroundings.connectionOf(), margin);
        var attempts = new SubscriptionRules(ledger, overlaps, margin, clock);
        var book = new CallerBook(ledger);
        var storms = new GapStorms(surroundings.connectionOf(), clock);
        var rollback = new DatabaseRollback(walk, engine.syncStates(), margin);
        var callbacks = new IntakeRules(
                ledger, new Intaker(known, book, storms, clocks, rollback, margin), attempts, storms, engine.health());
        var locations = new LocationRules(ledger, engine.locations());
        this.offsets = clocks;
        this.subscriptions = attempts;
        this.callers = book;
        this.intake = callbacks;
        this.whereabouts = locations;
        this.mailboxes = new RegistryRules(ledger, surroundings.ids());
        this.journal = new JournalRules(ledger, engine.journal(), walk, engine.deadLetters(), instance.name(), clock);
        this.resyncs = new ResyncRules(ledger, engine.syncStates(), overlaps, margin);
        this.fallbacks = new FallbackRules(ledger, margin);
        this.deliveries = new DeliveryRules(ledger, engine);
        this.details = new DetailRules(ledger, engine.details());
        this.replays = new ReplayRules(ledger, engine);
        this.upkeep = new StoreUpkeep(ledger, callbacks::releaseGaps);
        ledger.load(
                MailboxLoading.load(engine.state(), margin, clocks),
                engine.journal().newestPosition());
        new SetBackClock(engine, clocks).mend(ledger, instance.createdAt(), margin, clock.instant());
        callbacks.recall();
        locations.load();
    }

    private static Change.InstanceSaved create(UnitOfWork work, StoreConfig config, Instant now) {
        var key = new byte[TOKEN_KEY_BYTES];
        new SecureRandom().nextBytes(key);
        var fresh = new Change.InstanceSaved(
                config.instance(),
                Base64.getEncoder().encodeToString(key),
                now.truncatedTo(ChronoUnit.MILLIS),
                true,
                0);
        work.commit(List.of(fresh), now);
        return fresh;
    }

    private static void requireInstance(StoreConfig config, String name) {
        if (config.instanceConfigured() && !config.instance().equals(name)) {
            throw new StoreException("The store belongs to instance '" + name + "', but the configuration says '"
                    + config.instance() + "'; set instance to '" + name + "', or give this instance a store.url of"
                    + " its own.");
        }
    }

    /// Returns the work that the engine does from time to time.
    protected final StoreUpkeep upkeep() {
        return upkeep;
    }

    @Override
    public final InstanceRecord instance() {
        return instance;
    }

    @Override
    public final MailboxRegistry mailboxes() {
        return mailboxes;
    }

    @Override
    public final Subscriptions subscriptions() {
        return subscriptions;
    }

    @Override
    public final Intake intake() {
        return intake;
    }

    @Override
    public final Callers callers() {
        return callers;
    }

    @Override
    public final Journal journal() {
        return journal;
    }

    @Override
    public final Resyncs resyncs() {
        return resyncs;
    }

    @Override
    public final ExchangeOffsets exchangeOffsets() {
        return offsets;
    }

    @Override
    public final Fallbacks fallbacks() {
        return fallbacks;
    }

    @Override
    public final Whereabouts whereabouts() {
        return whereabouts;
    }

    @Override
    public final Deliveries deliveries() {
        return deliveries;
    }

    @Override
    public final Details details() {
        return details;
    }

    @Override
    public final Replays replays() {
        return replays;
    }
}
