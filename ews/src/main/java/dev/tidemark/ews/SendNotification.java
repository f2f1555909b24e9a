package dev.tidemark.ews;

import java.util.List;
import java.util.Map;

/// Body of a callback: its readable content, and the number of parts that were passed over.
public record SendNotification(List<NotificationMessage> messages, SkippedParts skipped) {
    public SendNotification(List<NotificationMessage> messages) {
        this(messages, new SkippedParts(SkipTally.SEND_NOTIFICATION, Map.of()));
    }

    public SendNotification {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new InvalidValueException("A SendNotification holds no response message; the schema asks for one.");
        }
    }
}
