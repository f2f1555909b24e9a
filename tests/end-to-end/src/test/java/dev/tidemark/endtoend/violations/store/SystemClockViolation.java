package dev.tidemark.endtoend.violations.store;

import dev.tidemark.endtoend.violations.ews.JacksonViolation;
import java.sql.Timestamp;
import java.time.Instant;

/// Asks the system for the time, and uses JDBC.
record SystemClockViolation(JacksonViolation scribe) {
    Timestamp read() {
        return Timestamp.from(Instant.now());
    }
}
