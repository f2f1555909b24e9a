package dev.tidemark.simulator.mailbox;

import java.time.Instant;
import java.util.Optional;

/// Message to add to a mailbox. Without `received` it is received, and created, at the time of delivery.
public record SimulatedMail(String subject, String from, String itemClass, Optional<Instant> received) {
    public static SimulatedMail of(String subject) {
        return new SimulatedMail(subject, "grace@example.net", "IPM.Note", Optional.empty());
    }

    public SimulatedMail receivedAt(Instant instant) {
        return new SimulatedMail(subject, from, itemClass, Optional.of(instant));
    }

    /// Returns a copy of another class, such as `IPM.Note` or `IPM.Schedule.Meeting.Request`.
    public SimulatedMail ofClass(String otherClass) {
        return new SimulatedMail(subject, from, otherClass, received);
    }
}
