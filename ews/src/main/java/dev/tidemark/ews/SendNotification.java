package dev.tidemark.ews;

import java.util.List;

/// The body of a call-back.
public record SendNotification(List<NotificationMessage> messages) {
    public SendNotification {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new InvalidValueException("A SendNotification holds no response message; the schema asks for one.");
        }
    }
}
