package dev.tidemark.daemon.config;

import java.util.List;
import java.util.Optional;

/// A piece of a configuration file that knows where it stands. Texts are as written: nothing is interpolated
/// or typed yet, so that `010` is not eight and `yes` is not true.
sealed interface ConfigNode {
    SourceLocation mark();

    record Scalar(String text, SourceLocation mark) implements ConfigNode {}

    /// A key without a value.
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

    /// One key of a mapping; `mark` is the key's own place.
    record Field(String key, SourceLocation mark, ConfigNode value) {}
}
