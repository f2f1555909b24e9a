package dev.tidemark.ews;

import java.util.List;
import java.util.Map;

/// The body of a callback: what could be read of it, and how much was passed over.
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
