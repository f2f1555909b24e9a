package dev.tidemark.forwarder.event;

import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.json.JsonMapper;

/// Writes plain maps as JSON. The only class that uses Jackson. Keeps the order of keys, so equal maps give
/// equal bytes. Thread-safe.
final class JsonMapWriter {
    /// Keeps buffers per thread, because few threads render and they stay the same.
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .recyclerPool(JsonRecyclerPools.threadLocalPool())
                    .build())
            .build();

    private JsonMapWriter() {}

    /// Writes through the generator. Looking up a serializer for each value takes twice as long, for every
    /// event.
    static byte[] bytes(Map<String, Object> object) {
        var bytes = new ByteArrayBuilder(1024);
        try (var out = MAPPER.createGenerator(bytes)) {
            write(out, object);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, Object value) {
        switch (value) {
            case String text -> out.writeString(text);
            case Map<?, ?> map -> writeMap(out, map);
            case List<?> list -> {
                out.writeStartArray();
                list.forEach(each -> write(out, each));
                out.writeEndArray();
            }
            default -> out.writePOJO(value);
        }
    }

    private static void writeMap(JsonGenerator out, Map<?, ?> map) {
        out.writeStartObject();
        for (var entry : map.entrySet()) {
            out.writeName(entry.getKey().toString());
            write(out, entry.getValue());
        }
        out.writeEndObject();
    }
}
