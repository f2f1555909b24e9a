package dev.tidemark.forwarder;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Writes plain maps as JSON; the only place that knows Jackson. Keys keep the order of the map, so that
/// equal maps give equal bytes.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static byte[] bytes(Map<String, Object> object) {
        return MAPPER.writeValueAsBytes(object);
    }
}
