package dev.tidemark.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// Compares the published descriptions with the generated ones, or writes them again.
final class PublishedSchemas {
    static final Path DOCS =
            Path.of(System.getProperty("project.root", "../..")).resolve("docs");

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .build();

    private PublishedSchemas() {}

    static String fileOf(String type) {
        return "schemas/dev.tidemark." + type + ".schema.json";
    }

    /// Returns the generated documents by their path under `docs`.
    static Map<String, String> generated() {
        var all = new TreeMap<String, String>();
        EventShapes.all()
                .forEach((type, shape) ->
                        all.put(fileOf(type), JSON.writeValueAsString(shape.document(type, false)) + "\n"));
        all.put("asyncapi.yaml", YAML.writeValueAsString(AsyncApi.document()));
        return all;
    }

    /// Returns the published documents in `docs`.
    static Map<String, String> published() {
        var all = new TreeMap<String, String>();
        try (var files = Files.list(DOCS.resolve("schemas"))) {
            files.forEach(file -> all.put("schemas/" + file.getFileName(), read(file)));
            all.put("asyncapi.yaml", read(DOCS.resolve("asyncapi.yaml")));
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String json(Object value) {
        return JSON.writeValueAsString(value);
    }

    static Map<?, ?> parsed(String json) {
        return JSON.readValue(json, Map.class);
    }

    static Map<?, ?> parsedYaml(String yaml) {
        return YAML.readValue(yaml, Map.class);
    }

    static void write(Map<String, String> documents) {
        try {
            Files.createDirectories(DOCS.resolve("schemas"));
            for (var document : documents.entrySet()) {
                Files.writeString(DOCS.resolve(document.getKey()), document.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
