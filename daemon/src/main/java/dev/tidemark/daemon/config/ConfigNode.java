package dev.tidemark.daemon.config;

import java.util.List;
import java.util.Optional;

/// Node of a configuration file with its location. Texts are raw, neither interpolated nor typed: `010` is not
/// eight and `yes` is not true.
sealed interface ConfigNode {
    SourceLocation mark();

    record Scalar(String text, SourceLocation mark) implements ConfigNode {}

    /// Key without a value.
    record Empty(SourceLocation mark) implements ConfigNode {}

    record Items(List<ConfigNode> nodes, SourceLocation mark) implements ConfigNode {
        public Items {
            nodes = List.copyOf(nodes);
        }
    }

    record Fields(List<Field> fields, SourceLocation mark) implements ConfigNode {
        public Fields {
            fields = List.copyOf(fields);
        }

        Optional<Field> find(String key) {
            return fields.stream().filter(field -> field.key().equals(key)).findFirst();
        }
    }

    /// Key of a mapping; `mark` is the location of the key.
    record Field(String key, SourceLocation mark, ConfigNode value) {}
}
