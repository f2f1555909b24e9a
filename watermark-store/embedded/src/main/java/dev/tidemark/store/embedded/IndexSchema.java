package dev.tidemark.store.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Statements that create the tables of [StoreIndex].
final class IndexSchema {
    private static final String SCRIPT = "/db/tidemark/index.sql";

    private IndexSchema() {}

    static List<String> statements() {
        try (var script = Objects.requireNonNull(IndexSchema.class.getResourceAsStream(SCRIPT), SCRIPT)) {
            return Arrays.stream(new String(script.readAllBytes(), StandardCharsets.UTF_8).split(";\n"))
                    .filter(statement -> !statement.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
