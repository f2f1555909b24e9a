package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Holds the steps in `docs/architecture.md` and the tests in `docs/security.md` to the code.
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
                .allSatisfy(step -> assertThat(methods("/src/main/", step.group(1)))
                        .as(step.group())
                        .anyMatch(text -> text.matches("(?s).*\\b" + step.group(2) + "\\(.*")));
    }

    @Test
    void every_control_names_a_test_that_exists() {
        var tests = STEP.matcher(PROJECT.files().getOrDefault("docs/security.md", ""))
                .results()
                .toList();
        assertThat(tests).hasSizeGreaterThan(20);
        assertThat(tests)
                .allSatisfy(test -> assertThat(methods("/src/test/", test.group(1)))
                        .as(test.group())
                        .anyMatch(text -> text.contains("void " + test.group(2) + "(")));
    }

    private static List<String> methods(String sources, String simpleName) {
        return PROJECT.files().entrySet().stream()
                .filter(entry ->
                        entry.getKey().contains(sources) && entry.getKey().endsWith("/" + simpleName + ".java"))
                .map(Map.Entry::getValue)
                .toList();
    }
}
