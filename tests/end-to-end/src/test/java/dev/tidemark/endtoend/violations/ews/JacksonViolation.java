package dev.tidemark.endtoend.violations.ews;

import tools.jackson.databind.JsonNode;

/// Uses Jackson, as another class of its module does.
public interface JacksonViolation {
    JsonNode write();
}
