package dev.tidemark.endtoend.violations.ews;

import dev.tidemark.endtoend.violations.store.JdbcViolation;
import tools.jackson.databind.JsonNode;

/// Uses Jackson although another class of its module does, and depends on a later module.
interface JacksonAndModuleViolation {
    JdbcViolation translate(JsonNode text);
}
