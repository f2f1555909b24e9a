package dev.tidemark.demo;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Records every verified event, its number of deliveries, and its item. Thread-safe.
final class ReceivedEventLog {
    /// Delivery of an event. `again` is true for a repeated delivery.
    record Receipt(
            String id, String type, String mailbox, String sequence, String origin, String item, boolean again) {}

    private final List<Receipt> receipts = new ArrayList<>();
    private final Set<String> events = new HashSet<>();
    private final Set<String> items = new HashSet<>();
    private long duplicates;

    /// Records a delivery. Returns false for a repeated one.
    synchronized boolean addDelivery(ReceivedEvent event) {
        var first = events.add(event.id());
        if (!first) {
            duplicates++;
        }
        if (event.isReceivedMail()) {
            event.item().ifPresent(items::add);
        }
        receipts.add(new Receipt(
                event.id(),
                event.type(),
                event.subject(),
                event.sequence(),
                event.origin(),
                event.item().orElse(""),
                !first));
        return first;
    }

    synchronized List<Receipt> all() {
        return List.copyOf(receipts);
    }

    synchronized Set<String> items() {
        return Set.copyOf(items);
    }

    synchronized long duplicates() {
        return duplicates;
    }
}
