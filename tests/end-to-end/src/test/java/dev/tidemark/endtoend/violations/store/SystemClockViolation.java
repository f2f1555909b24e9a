package dev.tidemark.endtoend.violations.store;

import dev.tidemark.endtoend.violations.ews.JacksonViolation;
import java.sql.Timestamp;
import java.time.Instant;

/// Reads the system clock and uses JDBC.
record SystemClockViolation(JacksonViolation scribe) {
    Timestamp read() {
        return Timestamp.from(Instant.now());
    }
}
