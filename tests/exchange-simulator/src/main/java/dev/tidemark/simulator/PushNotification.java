package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.LoggedEvent;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.Watermark;
import java.util.List;
import java.util.stream.Stream;

/// Callback that is ready to send; a retry sends it unchanged. Without events it is a heartbeat.
record PushNotification(String body, Watermark previous, Watermark last, long place, List<LoggedEvent> events) {
    boolean heartbeat() {
        return events.isEmpty();
    }

    List<ItemId> items() {
        return events.stream()
                .map(event -> event.change().target())
                .flatMap(target -> target instanceof ItemId item ? Stream.of(item) : Stream.empty())
                .distinct()
                .toList();
    }
}
