package dev.tidemark.daemon.canary;

import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;

/// Reads from the store whether a sink has an event. A sink saves its position once a second.
record SinkProgress(DeliveryStore deliveries, JournalEvent event) {
    /// Limit of deferred deliveries of the mailbox to read. A canary's mailbox should have no other events.
    private static final int MAX_DEFERRED = 100;

    /// Returns true if the sink has passed the event and does not retry it.
    boolean isDone(SinkName sink) {
        return deliveries.savedPosition(sink).filter(this::covers).isPresent() && !isDeferred(sink);
    }

    /// Returns true if the sink is disabled until an operator enables it.
    boolean isDisabled(SinkName sink) {
        var status = deliveries.status(sink);
        return status.disabled() && status.untilOperator();
    }

    private boolean covers(DeliveryPosition saved) {
        return saved.isDone(event.position());
    }

    private boolean isDeferred(SinkName sink) {
        return event.source() instanceof EventSource.OfMailbox(var mailbox)
                && deliveries.deferred(sink, mailbox.value(), MAX_DEFERRED).stream()
                        .anyMatch(row -> row.position().equals(event.position()));
    }
}
