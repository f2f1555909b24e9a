package dev.tidemark.endtoend.violations.ews;

import tools.jackson.databind.JsonNode;

/// Uses Jackson although another class of its module does.
public interface JacksonViolation {
    JsonNode write();
}
