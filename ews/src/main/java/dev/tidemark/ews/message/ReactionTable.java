package dev.tidemark.ews.message;

import dev.tidemark.ews.message.ResponseCodeClassifier.Reaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Reads `response-codes.txt`, the table of reactions to response codes. Called once, when
/// [ResponseCodeClassifier] is loaded.
final class ReactionTable {
    private static final String FILE = "response-codes.txt";

    private ReactionTable() {}

    static Map<String, Reaction> read() {
        var table = new HashMap<String, Reaction>();
        var reaction = Reaction.UNEXPECTED;
        for (var line : text().lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .toList()) {
            if (line.startsWith("[")) {
                reaction = Reaction.valueOf(line.substring(1, line.indexOf(']')));
                continue;
            }
            for (var code : line.strip().split(" +", -1)) {
                if (table.put(code, reaction) != null) {
                    throw new IllegalStateException(FILE + " names " + code + " twice.");
                }
            }
        }
        return Map.copyOf(table);
    }

    private static String text() {
        try (var file = Objects.requireNonNull(ReactionTable.class.getResourceAsStream(FILE), FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
