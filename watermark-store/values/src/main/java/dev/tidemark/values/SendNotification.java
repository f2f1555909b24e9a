package dev.tidemark.values;

import java.util.List;
import java.util.Map;

/// Body of a callback: its readable content, and the number of skipped parts.
public record SendNotification(List<NotificationMessage> messages, SkippedParts skipped) {
    /// Name of this message in [SkippedParts#operation].
    public static final String OPERATION = "SendNotification";

    public SendNotification(List<NotificationMessage> messages) {
        this(messages, new SkippedParts(OPERATION, Map.of()));
    }

    public SendNotification {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new InvalidValueException("A SendNotification holds no response message; the schema asks for one.");
        }
    }
}
