package dev.tidemark.store.rules;

import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.CallbackSources;
import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.ExchangeOffsets;
import dev.tidemark.store.FallbackStore;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.Journal;
import dev.tidemark.store.MailboxLocationStore;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.ReplayStore;
import dev.tidemark.store.ResyncStore;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.SubscriptionStore;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.engine.JournalQueries;
import dev.tidemark.store.engine.StoreEngine;
import dev.tidemark.store.erasure.MailboxEraser;
import dev.tidemark.store.model.InstanceRecord;
import dev.tidemark.store.model.StoreStatistics;
import dev.tidemark.store.seal.SecretSealer;
import dev.tidemark.store.transfer.CopyableStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Implements [dev.tidemark.store.WatermarkStore] with the rules, on any engine. The store of an engine extends it, and
/// opens and
/// closes the engine. Thread-safe.
public abstract class RuleStore implements CopyableStore {
    private static final Logger LOG = LoggerFactory.getLogger(RuleStore.class);
    private static final int TOKEN_KEY_BYTES = 32;

    private final StoreUpkeep upkeep;
    private final InstanceRecord instance;
    private final MailboxRegistry mailboxes;
    private final SubscriptionStore subscriptions;
    private final CallbackIntake intake;
    private final CallbackSources callbackSources;
    private final Journal journal;
    private final ResyncStore resyncs;
    private final ExchangeOffsets offsets;
    private final FallbackStore fallbacks;
    private final MailboxLocationStore locations;
    private final DeliveryStore deliveries;
    private final ItemDetailStore details;
    private final ReplayStore replays;
    private final Supplier<StoreStatistics> statistics;

    /// Parts that a store needs besides engine and configuration.
    ///
    /// @param ids source of the ids of new mailboxes
    /// @param names names of folders, for events that are recorded
    /// @param connectionOf returns a group's connection
    public record Dependencies(
            Clock clock, RandomGenerator ids, FolderNameCache names, UnaryOperator<String> connectionOf) {}

    /// Reads the state of the store into memory, and makes the store if it is new.
    ///
    /// @throws StoreException if the store belongs to another instance, or the engine fails
    protected RuleStore(StoreEngine engine, StoreConfig config, Dependencies dependencies) {
        var clock = dependencies.clock();
        var resyncMargin = config.resyncMargin();
        var sealer = SecretSealer.of(config.sealKeys());
        var state = engine.state();
        var found = state.instance().orElseGet(() -> create(engine, config, clock.instant()));
        requireInstance(config, found.name());
        var tokenKey = sealer.open(found.tokenKey());
        this.instance = new InstanceRecord(found.name(), tokenKey, found.createdAt(), found.clean());
        // the engine saves it at the end of the start, so that an older or missing seal is replaced
        var stored = found.withTokenKey(sealer.seal(tokenKey));
        var backwardReader = new BackwardJournalReader(engine.journal());
        var known = new DeduplicationCache(backwardReader);
        var overlaps = new DuplicateWindowFinder(backwardReader, known);
        var committed = new CommittedState(engine.unitOfWork(), clock, known, dependencies.names(), stored);
        var clocks = new OffsetRules(committed, engine.clockOffsets(), dependencies.connectionOf(), resyncMargin);
        var attempts = new SubscriptionRules(committed, overlaps, resyncMargin, clock);
        var sources = new CallbackSourceTracker(committed);
        var storms = new GapStormDetector(dependencies.connectionOf(), clock);
        var rollback = new DatabaseRollback(backwardReader, engine.syncStates(), resyncMargin, clock);
        var callbacks = new IntakeRules(
                committed,
                new CallbackProcessor(known, sources, storms, clocks, rollback, resyncMargin),
                attempts,
                storms,
                engine.health());
        var locations = new LocationRules(committed, engine.locations());
        this.offsets = clocks;
        this.subscriptions = attempts;
        this.callbackSources = sources;
        this.intake = callbacks;
        this.locations = locations;
        var eraser = new MailboxEraser(
                engine,
                changes -> committed.change(changeSet -> {
                    changes.forEach(changeSet::add);
                    return changes;
                }));
        var registry = new RegistryRules(committed, dependencies.ids(), eraser);
        var journaled = new JournalRules(committed, engine, backwardReader, instance.name(), clock);
        this.mailboxes = registry;
        this.journal = journaled;
        this.resyncs = new ResyncRules(committed, engine.syncStates(), overlaps, resyncMargin);
        this.fallbacks = new FallbackRules(committed, resyncMargin);
        this.deliveries = new DeliveryRules(committed, engine);
        this.details = new DetailRules(committed, engine.details(), journaled::isForgotten);
        this.replays = new ReplayRules(committed, engine);
        this.statistics = () -> committed.memory().meter().statistics(engine.health());
        this.upkeep = new StoreUpkeep(
                committed, callbacks::releaseGaps, () -> eraseForgotten(registry, committed, engine.journal()));
        committed.reloadBy(() -> MailboxLoading.reload(committed, engine, resyncMargin, clocks));
        committed
                .memory()
                .load(
                        MailboxLoading.load(state, resyncMargin, clocks),
                        state.forgottenMailboxes(),
                        engine.journal().newestPosition(),
                        !stored.clean() && !state.isInUse());
        if (!state.isInUse()) {
            new ClockRollbackRepairer(engine, clocks, upkeep)
                    .repair(committed, instance.createdAt(), resyncMargin, clock.instant());
        }
        callbacks.restoreDelayed();
        locations.load();
    }

    private static void eraseForgotten(RegistryRules registry, CommittedState committed, JournalQueries journal) {
        registry.eraseForgotten();
        if (!committed.forgotten().isEmpty()) {
            var oldest = journal.oldest(1).stream()
                    .map(JournalQueries.Extent::position)
                    .findFirst();
            committed.mailboxes().dropForgotten(oldest.orElseGet(() -> journal.newestPosition() + 1));
        }
    }

    /// Creates the row of the store, unless another node has done so meanwhile.
    private static Change.InstanceSaved create(StoreEngine engine, StoreConfig config, Instant now) {
        var work = engine.unitOfWork();
        while (!work.begin((changes, newest) -> {})) {
            LOG.debug("Other nodes made commits already; memory is read later");
        }
        var found = engine.state().instance();
        if (found.isPresent()) {
            work.cancel();
            return found.get();
        }
        var created = newInstance(config, now);
        work.commit(List.of(created), now);
        return created;
    }

    private static Change.InstanceSaved newInstance(StoreConfig config, Instant now) {
        var key = new byte[TOKEN_KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new Change.InstanceSaved(
                config.instance(),
                SecretSealer.of(config.sealKeys()).seal(Base64.getEncoder().encodeToString(key)),
                now.truncatedTo(ChronoUnit.MILLIS),
                true,
                0);
    }

    private static void requireInstance(StoreConfig config, String name) {
        if (config.instanceConfigured() && !config.instance().equals(name)) {
            throw new StoreException("The store belongs to instance '" + name + "', but the configuration says '"
                    + config.instance() + "'; set instance to '" + name + "', or set a different store.url.");
        }
    }

    /// Ends all subscriptions after a restore, and leaves out `numbers` sequence and attempt numbers that may have been
    /// assigned after the backup.
    public final void restartAfterRestore(long numbers) {
        upkeep.restartAfterRestore(numbers);
    }

    /// Returns the work that the engine runs periodically.
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
    public final SubscriptionStore subscriptions() {
        return subscriptions;
    }

    @Override
    public final CallbackIntake intake() {
        return intake;
    }

    @Override
    public final CallbackSources callbackSources() {
        return callbackSources;
    }

    @Override
    public final Journal journal() {
        return journal;
    }

    @Override
    public final ResyncStore resyncs() {
        return resyncs;
    }

    @Override
    public final ExchangeOffsets exchangeOffsets() {
        return offsets;
    }

    @Override
    public final FallbackStore fallbacks() {
        return fallbacks;
    }

    @Override
    public final MailboxLocationStore locations() {
        return locations;
    }

    @Override
    public final DeliveryStore deliveries() {
        return deliveries;
    }

    @Override
    public final ItemDetailStore details() {
        return details;
    }

    @Override
    public final ReplayStore replays() {
        return replays;
    }

    @Override
    public final StoreStatistics statistics() {
        return statistics.get();
    }
}
