package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Records every item delivered to a mailbox and every notification answered with `OK`. Tests compare a
/// daemon's deliveries with it. Thread-safe.
public final class SimulatorLedger {
    /// Item delivered to a mailbox.
    public record Delivered(MailboxAddress mailbox, ItemId item, Instant at) {}

    /// Notification answered with `OK`, with the ids of its items. Excludes heartbeats.
    public record Acknowledged(
            MailboxAddress mailbox,
            SubscriptionId subscription,
            Watermark previous,
            Watermark last,
            List<ItemId> items,
            Instant at) {
        public Acknowledged {
            items = List.copyOf(items);
        }
    }

    private final List<Delivered> delivered = new ArrayList<>();
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final Set<String> acknowledgedItems = new LinkedHashSet<>();

    private final Clock clock;

    private final RetentionLimits retention;
    private int deliveredCount;
    private int acknowledgedCount;

    /// Uses the real clock, independent of Exchange's, and keeps all entries.
    public SimulatorLedger(Clock clock) {
        this(clock, new RetentionLimits(Duration.ZERO, 0));
    }

    /// Keeps the newest entries; counts all.
    public SimulatorLedger(Clock clock, RetentionLimits retention) {
        this.clock = clock;
        this.retention = retention;
    }

    public synchronized List<Delivered> delivered() {
        return List.copyOf(delivered);
    }

    public synchronized List<Acknowledged> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /// Returns the number of items delivered to mailboxes.
    public synchronized int deliveredCount() {
        return deliveredCount;
    }

    /// Returns the ids of the items in acknowledged notifications.
    public synchronized Set<String> acknowledgedItems() {
        return new LinkedHashSet<>(acknowledgedItems);
    }

    /// Returns the number of items in acknowledged notifications.
    public synchronized int acknowledgedCount() {
        return acknowledgedCount;
    }

    /// Returns the ledger as a JSON document.
    public String toJson() {
        return LedgerJsonWriter.write(delivered(), acknowledged());
    }

    /// Forgets all entries.
    public synchronized void clear() {
        delivered.clear();
        acknowledged.clear();
        acknowledgedItems.clear();
        deliveredCount = 0;
        acknowledgedCount = 0;
    }

    synchronized void delivered(MailboxAddress mailbox, ItemId item) {
        delivered.subList(0, retention.surplus(delivered)).clear();
        delivered.add(new Delivered(mailbox, item, clock.instant()));
        deliveredCount++;
    }

    public synchronized void acknowledged(Acknowledged entry) {
        acknowledged.subList(0, retention.surplus(acknowledged)).clear();
        acknowledged.add(entry);
        entry.items().forEach(item -> acknowledged(item.id()));
    }

    private void acknowledged(String item) {
        if (acknowledgedItems.add(item)) {
            acknowledgedCount++;
        }
        // twice as many, because an item that a mailbox no longer keeps is acknowledged again with its deletion
        while (retention.exceeds(acknowledgedItems.size() / 2)) {
            acknowledgedItems.remove(acknowledgedItems.iterator().next());
        }
    }
}
