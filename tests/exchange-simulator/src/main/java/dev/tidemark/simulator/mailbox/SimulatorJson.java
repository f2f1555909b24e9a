package dev.tidemark.simulator.mailbox;

import java.util.Map;
import wiremock.com.fasterxml.jackson.core.JsonProcessingException;
import wiremock.com.fasterxml.jackson.core.type.TypeReference;
import wiremock.com.fasterxml.jackson.databind.ObjectMapper;

/// Reads and writes JSON with the library inside WireMock, which spares users another one.
public final class SimulatorJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SimulatorJson() {}

    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new SimulatorException("A value cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /// Reads an object; an empty text is an empty object.
    public static Map<String, Object> read(String text) {
        if (text.isBlank()) {
            return Map.of();
        }
        try {
            return MAPPER.readValue(text, new TypeReference<Map<String, Object>>() {});
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new SimulatorException(
                    "The body is no JSON object: line " + (at == null ? 0 : at.getLineNr()) + ", column "
                            + (at == null ? 0 : at.getColumnNr()) + ": " + e.getOriginalMessage(),
                    e);
        }
    }
}
