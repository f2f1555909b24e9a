package dev.tidemark.forwarder.event;

import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.json.JsonMapper;

/// Writes plain maps as JSON; the only place that knows Jackson. Keys keep the order of the map, so that
/// equal maps give equal bytes.
final class JsonMapWriter {
    /// Its buffers lie with the threads, of which there are few and the same.
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .recyclerPool(JsonRecyclerPools.threadLocalPool())
                    .build())
            .build();

    private JsonMapWriter() {}

    /// By the generator itself: looking for a serializer of each value takes twice as long, and this is done
    /// for each event.
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
