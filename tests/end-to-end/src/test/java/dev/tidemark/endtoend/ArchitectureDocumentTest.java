package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Holds the steps in `docs/architecture.md` to the code.
final class ArchitectureDocumentTest {
    private static final Pattern STEP = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final PlainWords PROJECT = SourceTree.read();

    @Test
    void every_step_names_a_class_and_a_method_that_exist() {
        var steps = STEP.matcher(PROJECT.files().getOrDefault("docs/architecture.md", ""))
                .results()
                .toList();
        assertThat(steps).hasSizeGreaterThan(10);
        assertThat(steps)
                .allSatisfy(step -> assertThat(methods(step.group(1)))
                        .as(step.group())
                        .anyMatch(text -> text.matches("(?s).*\\b" + step.group(2) + "\\(.*")));
    }

    private static List<String> methods(String simpleName) {
        return PROJECT.files().entrySet().stream()
                .filter(entry ->
                        entry.getKey().contains("/src/main/") && entry.getKey().endsWith("/" + simpleName + ".java"))
                .map(Map.Entry::getValue)
                .toList();
    }
}
