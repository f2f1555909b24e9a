package dev.tidemark.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Part of a JSON Schema (draft 2020-12). `closed` selects the strict form for tests, which forbids undescribed
/// fields. The published form is open, because fields may be added.
sealed interface SchemaShape {
    Map<String, Object> schema(boolean closed);

    /// Value without members.
    record Plain(Map<String, Object> words) implements SchemaShape {
        @Override
        public Map<String, Object> schema(boolean closed) {
            return new LinkedHashMap<>(words);
        }

        Plain with(String word, Object value) {
            var more = new LinkedHashMap<>(words);
            more.put(word, value);
            return new Plain(more);
        }

        Plain saying(String description) {
            return with("description", description);
        }
    }

    record Many(SchemaShape of, String description) implements SchemaShape {
        @Override
        public Map<String, Object> schema(boolean closed) {
            var json = new LinkedHashMap<String, Object>();
            json.put("type", "array");
            json.put("description", description);
            json.put("items", of.schema(closed));
            return json;
        }
    }

    /// Object with its fields in declaration order.
    record Fields(Map<String, SchemaShape> members, List<String> required, List<List<String>> oneOf)
            implements SchemaShape {
        static Fields none() {
            return new Fields(Map.of(), List.of(), List.of());
        }

        Fields must(String name, SchemaShape shape) {
            var more = new ArrayList<>(required);
            more.add(name);
            return new Fields(plus(name, shape), more, oneOf);
        }

        Fields may(String name, SchemaShape shape) {
            return new Fields(plus(name, shape), required, oneOf);
        }

        /// Requires at least one of two optional fields.
        Fields either(String one, String other) {
            return new Fields(members, required, List.of(List.of(one), List.of(other)));
        }

        private Map<String, SchemaShape> plus(String name, SchemaShape shape) {
            var more = new LinkedHashMap<>(members);
            more.put(name, shape);
            return more;
        }

        @Override
        public Map<String, Object> schema(boolean closed) {
            var json = new LinkedHashMap<String, Object>();
            json.put("type", "object");
            var properties = new LinkedHashMap<String, Object>();
            members.forEach((name, shape) -> properties.put(name, shape.schema(closed)));
            json.put("properties", properties);
            json.put("required", required);
            if (!oneOf.isEmpty()) {
                json.put(
                        "oneOf",
                        oneOf.stream().map(names -> Map.of("required", names)).toList());
            }
            if (closed) {
                json.put("additionalProperties", false);
            }
            return json;
        }
    }

    static Plain text() {
        return new Plain(Map.of("type", "string"));
    }

    static Plain text(String description) {
        return text().saying(description);
    }

    static Plain matching(String pattern) {
        return text().with("pattern", pattern);
    }

    static Plain oneOf(String... values) {
        return new Plain(Map.of("enum", List.of(values)));
    }

    static Plain always(String value) {
        return new Plain(Map.of("const", value));
    }

    static Plain timestamp(String description) {
        return text(description).with("format", "date-time");
    }

    static Plain count(String description) {
        return new Plain(Map.of("type", "integer")).with("minimum", 0).saying(description);
    }

    static Plain truth(String description) {
        return new Plain(Map.of("type", "boolean")).saying(description);
    }
}
