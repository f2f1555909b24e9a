package dev.tidemark.endtoend.violations.watermark;

import org.flywaydb.core.Flyway;

/// Uses Flyway, as another class of its module does.
interface Mason {
    void build(Flyway flyway);
}
