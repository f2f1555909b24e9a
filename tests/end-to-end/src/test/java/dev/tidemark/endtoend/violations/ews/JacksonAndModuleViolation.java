package dev.tidemark.endtoend.violations.ews;

import dev.tidemark.endtoend.violations.store.JdbcViolation;
import tools.jackson.databind.JsonNode;

/// Uses Jackson, as another class of its module does, and knows a module that comes later.
interface JacksonAndModuleViolation {
    JdbcViolation translate(JsonNode text);
}
