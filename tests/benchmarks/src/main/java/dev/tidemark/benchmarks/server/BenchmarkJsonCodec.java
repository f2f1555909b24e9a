package dev.tidemark.benchmarks.server;

import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Writes values as JSON: one line between processes, or a file for comparing runs.
public final class BenchmarkJsonCodec {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private BenchmarkJsonCodec() {}

    public static String line(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    public static <T> T read(String line, Class<T> type) {
        return MAPPER.readValue(line, type);
    }

    public static void write(Path file, Object value) {
        PRETTY.writeValue(file.toFile(), value);
    }
}
