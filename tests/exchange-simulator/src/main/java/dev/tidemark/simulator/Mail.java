package dev.tidemark.simulator;

import java.time.Instant;
import java.util.Optional;

/// A message to be put into a mailbox. Without `received` it is received at the moment it is put there;
/// its creation time is then the same.
public record Mail(String subject, String from, String itemClass, Optional<Instant> received) {
    public static Mail of(String subject) {
        return new Mail(subject, "grace@example.net", "IPM.Note", Optional.empty());
    }

    public Mail receivedAt(Instant instant) {
        return new Mail(subject, from, itemClass, Optional.of(instant));
    }

    /// A class such as `IPM.Note` or `IPM.Schedule.Meeting.Request`.
    public Mail ofClass(String otherClass) {
        return new Mail(subject, from, otherClass, received);
    }
}
