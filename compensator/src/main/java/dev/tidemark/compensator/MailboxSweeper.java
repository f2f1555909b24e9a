package dev.tidemark.compensator;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxSummary;
import dev.tidemark.values.DurationHistogram;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the rounds of the sweep: finds mailboxes that no callback reports, and lets [CompensationDispatcher] check
/// them and start repairs. The sweep thread calls [#tick]; all other threads only request checks, which the next
/// round makes.
final class MailboxSweeper {
    private static final Logger log = LoggerFactory.getLogger(MailboxSweeper.class);

    private final WatermarkStore store;
    private final Detectors detectors;
    private final CompensationDispatcher dispatcher;
    private final FallbackCoordinator fallback;
    private final Duration pendingCheck;
    private final Clock clock;
    /// written by the sweep thread only
    private volatile Instant lastPendingCheckAt;
    private final DurationHistogram durations = DurationHistogram.ofOperations();

    /// Detectors of losses that affect many mailboxes.
    ///
    /// @param cohorts empty if mailboxes that fall silent together are not checked early
    record Detectors(StoreOutageTracker outages, Optional<CohortMonitor> cohorts) {}

    /// Creates a sweeper.
    ///
    /// @param pendingCheck interval in which pending compensations are read from the store
    MailboxSweeper(
            WatermarkStore store,
            Detectors detectors,
            CompensationDispatcher dispatcher,
            FallbackCoordinator fallback,
            Duration pendingCheck,
            Clock clock) {
        this.store = store;
        this.detectors = detectors;
        this.dispatcher = dispatcher;
        this.fallback = fallback;
        this.pendingCheck = pendingCheck;
        this.clock = clock;
        this.lastPendingCheckAt = clock.instant();
    }

    /// Runs one round. Any thread runs `wake` when another round has work. Returns the time of the next round that
    /// needs no `wake`.
    Optional<Instant> tick(Runnable wake) {
        var started = System.nanoTime();
        var next = sweep(wake);
        durations.recordNanos(System.nanoTime() - started);
        return next;
    }

    /// Returns the durations of the rounds.
    DurationHistogram.Reading durations() {
        return durations.reading();
    }

    private Optional<Instant> sweep(Runnable wake) {
        if (detectors.outages().observe(store.intake().accepting(), clock.instant())) {
            log.info("The store accepts callbacks again; checking all mailboxes");
            checkAllNow();
        }
        detectors
                .cohorts()
                .ifPresent(each -> each.check(clock.instant(), store.intake().accepting()));
        checkPendingCompensations();
        return dispatcher.tick(wake);
    }

    private void checkPendingCompensations() {
        var now = clock.instant();
        // the clock may have been set back
        if (Duration.between(lastPendingCheckAt, now).abs().compareTo(pendingCheck) < 0) {
            return;
        }
        lastPendingCheckAt = now;
        store.mailboxes().withPendingWork().forEach(dispatcher::enqueueCheck);
    }

    /// Makes the next round check every mailbox, and ends their holds.
    void checkAllNow() {
        // one after the other: the full state of many mailboxes takes tens of megabytes
        store.mailboxes().summaries().map(MailboxSummary::id).sorted().forEach(this::checkNow);
    }

    /// Makes the next round check the mailbox, and ends its hold.
    void checkNow(MailboxId mailbox) {
        dispatcher.checkNow(mailbox);
        store.mailboxes().find(mailbox).ifPresent(this::startFallbackIfDegraded);
    }

    /// Makes the next round check every mailbox.
    ///
    /// @param renewed true for groups whose connection has changed; holds of their mailboxes end
    void recheckAll(Predicate<String> renewed) {
        store.mailboxes().all().forEach(mailbox -> {
            if (renewed.test(mailbox.membership().group())) {
                dispatcher.checkNow(mailbox.id());
            } else {
                dispatcher.enqueueCheck(mailbox.id());
            }
            startFallbackIfDegraded(mailbox);
        });
    }

    private void startFallbackIfDegraded(Mailbox mailbox) {
        if (mailbox.degraded().isPresent()) {
            fallback.enqueueCheck(mailbox.id());
        }
    }
}
