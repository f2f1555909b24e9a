package dev.tidemark.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Part of a scenario file with its place. Exactly one of text, entries and fields is there.
record ScenarioNode(
        int line,
        int column,
        Optional<String> text,
        Optional<List<ScenarioNode>> entries,
        Optional<Map<String, ScenarioNode>> fields) {
    static ScenarioNode text(int line, int column, String text) {
        return new ScenarioNode(line, column, Optional.of(text), Optional.empty(), Optional.empty());
    }

    static ScenarioNode entries(int line, int column, List<ScenarioNode> entries) {
        return new ScenarioNode(line, column, Optional.empty(), Optional.of(List.copyOf(entries)), Optional.empty());
    }

    static ScenarioNode fields(int line, int column, Map<String, ScenarioNode> fields) {
        return new ScenarioNode(
                line, column, Optional.empty(), Optional.empty(), Optional.of(new LinkedHashMap<>(fields)));
    }
}
