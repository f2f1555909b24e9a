package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Compares the problems in the code with `docs/problems.md`.
final class ProblemDocumentTest {
    /// Name of a problem behind its status.
    private static final Pattern IN_CODE = Pattern.compile("problem\\(\\s*[\\w.()]+,\\s*\"([a-z-]+)\"");

    private static final Pattern HEADING = Pattern.compile("(?m)^## ([a-z-]+)$");

    static Set<String> documented() throws IOException {
        return names(HEADING, Files.readString(Path.of("../docs/problems.md")));
    }

    private static Set<String> inCode() throws IOException {
        var found = new TreeSet<String>();
        try (var files = Files.walk(Path.of("src/main/java"))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> found.addAll(names(IN_CODE, text(file))));
        }
        return found;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> names(Pattern pattern, String text) {
        var found = new TreeSet<String>();
        pattern.matcher(text).results().forEach(match -> found.add(match.group(1)));
        return found;
    }

    @Test
    void every_problem_is_explained_and_no_other() throws IOException {
        assertThat(inCode()).contains("not-found", "bad-parameter", "foreign-host", "position-expired");
        assertThat(documented()).isEqualTo(inCode());
    }

    @Test
    void the_type_of_a_problem_is_an_absolute_address() {
        assertThat(AdminReply.notFound("nothing here").body())
                .contains("\"type\":\"https://tidemark.dev/problems/not-found\"");
    }
}
