package dev.tidemark.endtoend.violations.watermark;

import dev.tidemark.endtoend.violations.ews.Scribe;
import java.sql.Timestamp;
import java.time.Instant;
import org.flywaydb.core.Flyway;

/// Asks the system for the time, and uses JDBC and Flyway.
record Sundial(Scribe scribe, Flyway flyway) {
    Timestamp read() {
        return Timestamp.from(Instant.now());
    }
}
