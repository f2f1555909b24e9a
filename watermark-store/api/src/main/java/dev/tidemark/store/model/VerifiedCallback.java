package dev.tidemark.store.model;

import dev.tidemark.values.SendNotification;
import java.time.Instant;

/// Callback whose token proved the attempt. `from` is the caller's address, a hint for cohorts.
public record VerifiedCallback(AttemptId attempt, SendNotification body, Instant receivedAt, String from) {}
