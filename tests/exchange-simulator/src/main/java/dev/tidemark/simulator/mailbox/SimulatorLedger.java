package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.time.Clock;
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

    /// Uses the real clock, independent of Exchange's.
    public SimulatorLedger(Clock clock) {
        this.clock = clock;
    }

    public synchronized List<Delivered> delivered() {
        return List.copyOf(delivered);
    }

    public synchronized List<Acknowledged> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /// Returns the number of items delivered to mailboxes.
    public synchronized int deliveredCount() {
        return delivered.size();
    }

    /// Returns the ids of the items in acknowledged notifications.
    public synchronized Set<String> acknowledgedItems() {
        return new LinkedHashSet<>(acknowledgedItems);
    }

    /// Returns the number of items in acknowledged notifications.
    public synchronized int acknowledgedCount() {
        return acknowledgedItems.size();
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
    }

    synchronized void delivered(MailboxAddress mailbox, ItemId item) {
        delivered.add(new Delivered(mailbox, item, clock.instant()));
    }

    public synchronized void acknowledged(Acknowledged entry) {
        acknowledged.add(entry);
        entry.items().forEach(item -> acknowledgedItems.add(item.id()));
    }
}
