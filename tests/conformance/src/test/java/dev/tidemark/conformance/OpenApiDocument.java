package dev.tidemark.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Operations and schemas of `openapi.yaml`. Immutable.
final class OpenApiDocument {
    private static final String SCHEMAS = "#/components/schemas/";

    private final Map<String, ApiOperation> operations = new TreeMap<>();
    private final Map<String, Object> schemas;

    /// Operation of the API.
    ///
    /// @param name method and path, for example `GET /api/v1/mailboxes/{mailbox}`
    /// @param contract role, limits and parameters, as the daemon describes its routes
    /// @param body name of the schema of the request's body
    /// @param responses name of the schema by status; empty without JSON
    record ApiOperation(
            String name,
            String contract,
            List<String> query,
            Optional<String> body,
            Map<String, Optional<String>> responses) {
        boolean matches(String method, String path) {
            var pattern = name.replaceAll("\\{[a-z]+}", "[^/]+");
            return (method + " " + path).matches(pattern);
        }
    }

    private OpenApiDocument(Map<String, Object> tree) {
        schemas = map(map(tree.get("components")).get("schemas"));
        map(tree.get("paths"))
                .forEach((path, methods) -> map(methods).forEach((method, operation) -> {
                    var read = operation(method.toUpperCase(Locale.ROOT) + " " + path, map(operation));
                    operations.put(read.name(), read);
                }));
    }

    static OpenApiDocument parse(String yaml) {
        return new OpenApiDocument(map(YAMLMapper.builder().build().readValue(yaml, Map.class)));
    }

    private static ApiOperation operation(String name, Map<String, Object> operation) {
        var query = list(operation.getOrDefault("parameters", List.of())).stream()
                .map(OpenApiDocument::map)
                .filter(parameter -> "query".equals(parameter.get("in")))
                .map(parameter -> String.valueOf(parameter.get("name")))
                .toList();
        var contract = "role=" + operation.get("x-tidemark-role") + " limitable="
                + operation.get("x-tidemark-limitable") + " query=" + String.join(",", query);
        var responses = new TreeMap<String, Optional<String>>();
        map(operation.get("responses")).forEach((status, response) -> {
            if (!status.equals("default")) {
                responses.put(status, schemaOf(map(response)));
            }
        });
        var body = schemaOf(map(operation.getOrDefault("requestBody", Map.of())));
        return new ApiOperation(name, contract, query, body, responses);
    }

    private static Optional<String> schemaOf(Map<String, Object> response) {
        return map(response.getOrDefault("content", Map.of())).values().stream()
                .map(content -> map(map(content).get("schema")).get("$ref"))
                .filter(String.class::isInstance)
                .map(reference -> nameOf(String.valueOf(reference)))
                .findFirst();
    }

    static String nameOf(String reference) {
        return reference.substring(SCHEMAS.length());
    }

    Map<String, ApiOperation> operations() {
        return operations;
    }

    /// Returns the operation for a request. Literal paths come before those with variables.
    Optional<ApiOperation> find(String method, String path) {
        return operations.values().stream()
                .filter(operation -> operation.matches(method, path))
                .min((one, other) -> Integer.compare(variables(one), variables(other)));
    }

    private static int variables(ApiOperation operation) {
        return operation.name().length() - operation.name().replace("{", "").length();
    }

    Map<String, Object> schema(String name) {
        return map(schemas.get(name));
    }

    /// Returns a JSON Schema of a response that forbids unknown fields everywhere.
    String strictSchema(String name) {
        var document = new LinkedHashMap<String, Object>();
        document.put("$ref", SCHEMAS + name);
        document.put("$defs", Objects.requireNonNull(closed(schemas)));
        return PublishedSchemas.json(document).replace(SCHEMAS, "#/$defs/");
    }

    private static @Nullable Object closed(@Nullable Object node) {
        if (node instanceof Map<?, ?> fields) {
            var copy = new LinkedHashMap<String, @Nullable Object>();
            fields.forEach((key, value) -> copy.put(String.valueOf(key), closed(value)));
            if (copy.get("properties") instanceof Map<?, ?> && copy.containsKey("type")) {
                copy.putIfAbsent("additionalProperties", false);
            }
            return copy;
        }
        if (node instanceof List<?> items) {
            var copy = new ArrayList<@Nullable Object>();
            items.forEach(item -> copy.add(closed(item)));
            return copy;
        }
        return node;
    }

    /// Returns every field of every schema that a request or a response uses, as `Schema/field`.
    Set<String> fields() {
        var all = new TreeSet<String>();
        operations.values().stream()
                .flatMap(operation ->
                        Stream.concat(Stream.of(operation.body()), operation.responses().values().stream()))
                .flatMap(Optional::stream)
                .collect(Collectors.toSet())
                .forEach(name -> addFields(schema(name), name, all));
        return all;
    }

    private void addFields(Map<String, Object> schema, String path, Set<String> all) {
        if (schema.get("$ref") instanceof String reference) {
            addFields(schema(nameOf(reference)), nameOf(reference), all);
        }
        map(schema.getOrDefault("properties", Map.of())).forEach((name, inner) -> {
            all.add(path + "/" + name);
            addFields(map(inner), path + "/" + name, all);
        });
        if (schema.get("items") instanceof Map<?, ?> items) {
            addFields(map(items), path + "[]", all);
        }
    }

    /// Adds the fields that a value has.
    void addFieldsOf(Object value, String name, Set<String> seen) {
        addSeen(value, schema(name), name, seen);
    }

    private void addSeen(Object value, Map<String, Object> schema, String path, Set<String> seen) {
        if (schema.get("$ref") instanceof String reference) {
            addSeen(value, schema(nameOf(reference)), nameOf(reference), seen);
            return;
        }
        if (value instanceof Map<?, ?> fields) {
            map(schema.getOrDefault("properties", Map.of())).forEach((name, inner) -> {
                if (fields.containsKey(name)) {
                    seen.add(path + "/" + name);
                    var field = fields.get(name);
                    addSeen(field == null ? Map.of() : field, map(inner), path + "/" + name, seen);
                }
            });
        }
        if (value instanceof List<?> items && schema.get("items") instanceof Map<?, ?> inner) {
            items.forEach(item -> addSeen(item, map(inner), path + "[]", seen));
        }
    }

    @SuppressWarnings("unchecked") // keys of a JSON object are texts
    static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }

    private static List<?> list(Object node) {
        return (List<?>) node;
    }
}
