package dev.tidemark.conformance;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Checks bodies against the schema of the type that they name.
final class EventSchemaChecker {
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Map<String, Schema> READ = new ConcurrentHashMap<>();

    private EventSchemaChecker() {}

    /// Returns violations of the published schema, which allows unknown fields.
    static List<String> faultsOfPublished(String type, String body) {
        return faults(schema(type, false), body);
    }

    /// Returns violations of the strict schema, which forbids unknown fields.
    static List<String> faults(String body) {
        var type = String.valueOf(PublishedSchemas.parsed(body).get("type")).replaceFirst("^dev\\.tidemark\\.", "");
        return EventShapes.all().containsKey(type)
                ? faults(schema(type, true), body)
                : List.of("there is no schema of " + type);
    }

    private static Schema schema(String type, boolean closed) {
        return READ.computeIfAbsent(type + closed, ignored -> {
            var text = closed
                    ? PublishedSchemas.json(EventShapes.all().get(type).document(type, true))
                    : PublishedSchemas.published().get(PublishedSchemas.fileOf(type));
            return REGISTRY.getSchema(text, InputFormat.JSON);
        });
    }

    private static List<String> faults(Schema schema, String body) {
        return schema
                .validate(
                        body,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Object::toString)
                .toList();
    }
}
