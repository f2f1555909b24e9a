package dev.tidemark.simulator.mailbox;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Message to add to a mailbox. Without `received` it is received, and created, at the time of delivery.
///
/// @param properties further properties by their element name, such as `Body`, each as its element with the
///     prefix `t`
public record SimulatedMail(
        String subject,
        String from,
        String itemClass,
        Optional<Instant> received,
        boolean read,
        Map<String, String> properties) {
    public SimulatedMail {
        properties = Map.copyOf(properties);
    }

    public static SimulatedMail of(String subject) {
        return new SimulatedMail(subject, "grace@example.net", "IPM.Note", Optional.empty(), false, Map.of());
    }

    public SimulatedMail receivedAt(Instant instant) {
        return new SimulatedMail(subject, from, itemClass, Optional.of(instant), read, properties);
    }

    /// Returns a copy of another class, such as `IPM.Note` or `IPM.Schedule.Meeting.Request`.
    public SimulatedMail ofClass(String otherClass) {
        return new SimulatedMail(subject, from, otherClass, received, read, properties);
    }

    public SimulatedMail from(String sender) {
        return new SimulatedMail(subject, sender, itemClass, received, read, properties);
    }

    /// Returns a copy that is read or unread on arrival.
    public SimulatedMail read(boolean isRead) {
        return new SimulatedMail(subject, from, itemClass, received, isRead, properties);
    }

    /// Returns a copy with a plain text as its body.
    public SimulatedMail body(String text) {
        return with(Map.of("Body", "<t:Body BodyType=\"Text\">" + escaped(text) + "</t:Body>"));
    }

    /// Returns a copy with one recipient.
    public SimulatedMail to(String address) {
        return with(Map.of(
                "ToRecipients",
                "<t:ToRecipients><t:Mailbox><t:EmailAddress>" + escaped(address)
                        + "</t:EmailAddress></t:Mailbox></t:ToRecipients>"));
    }

    public SimulatedMail with(Map<String, String> others) {
        var all = new HashMap<>(properties);
        all.putAll(others);
        return new SimulatedMail(subject, from, itemClass, received, read, all);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
