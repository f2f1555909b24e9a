package dev.tidemark.daemon;

import java.util.List;
import java.util.Optional;

/// A piece of a configuration file that knows where it stands. Texts are as written: nothing is interpolated
/// or typed yet, so that `010` is not eight and `yes` is not true.
sealed interface Node {
    Mark mark();

    record Scalar(String text, Mark mark) implements Node {}

    /// A key without a value.
    record Empty(Mark mark) implements Node {}

    record Items(List<Node> nodes, Mark mark) implements Node {
        public Items {
            nodes = List.copyOf(nodes);
        }
    }

    record Fields(List<Field> fields, Mark mark) implements Node {
        public Fields {
            fields = List.copyOf(fields);
        }

        Optional<Field> find(String key) {
            return fields.stream().filter(field -> field.key().equals(key)).findFirst();
        }
    }

    /// One key of a mapping; `mark` is the key's own place.
    record Field(String key, Mark mark, Node value) {}
}
