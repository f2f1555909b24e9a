package dev.tidemark.reactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tidemark.simulator.fault.ScriptedError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Checks that the cases are complete: every documented code and all of its shapes.
class FactsTest {
    private static final Pattern CODE = Pattern.compile("\\bError[A-Za-z]+\\*?");

    private static final List<String> SHAPES = List.of(
            "Subscribe SoapFault",
            "Subscribe SoapFault inner",
            "Subscribe Message",
            "Subscribe Message inner",
            "SyncFolderItems SoapFault",
            "SyncFolderItems Message",
            "SyncFolderItems Message inner",
            "callback");

    @Test
    void every_code_comes_in_every_shape() {
        for (var code : ResponseCases.codes()) {
            assertThat(ResponseCases.all())
                    .filteredOn(each -> each.name().startsWith(code + " "))
                    .as(code)
                    .extracting(FactsTest::shape)
                    .containsExactlyInAnyOrderElementsOf(SHAPES);
        }
    }

    @Test
    void every_seldom_code_comes_in_one_shape_and_they_take_turns() {
        var cases = ResponseCases.seldomCodes().stream()
                .map(code -> ResponseCases.all().stream()
                        .filter(each -> each.name().startsWith(code + " "))
                        .toList())
                .toList();
        assertThat(cases).hasSizeGreaterThan(70).allMatch(each -> each.size() == 1);
        assertThat(cases.stream().map(each -> shape(each.getFirst()))).containsAll(SHAPES);
    }

    @Test
    void every_row_of_the_table_of_reactions_has_its_cases() throws IOException {
        var codes = table().stream()
                .flatMap(row -> CODE.matcher(row).results().map(MatchResult::group))
                .collect(Collectors.toSet());
        assertThat(codes).hasSizeGreaterThan(50);
        for (var code : codes) {
            assertThat(ResponseCases.codes())
                    .as(code)
                    .anyMatch(known -> code.endsWith("*")
                            ? known.startsWith(code.substring(0, code.length() - 1))
                            : known.equals(code));
        }
    }

    private static String shape(ResponseCase each) {
        return switch (each.how()) {
            case ResponseCase.How.Callback ignored -> "callback";
            case ResponseCase.How.Answer(var operation, var trouble) -> operation + " " + shape(trouble);
        };
    }

    private static String shape(ScriptedError trouble) {
        return switch (trouble) {
            case ScriptedError.SoapFault fault -> "SoapFault" + (fault.inner().isPresent() ? " inner" : "");
            case ScriptedError.Message message -> "Message" + (message.inner().isPresent() ? " inner" : "");
            case ScriptedError.Http ignored -> "Http";
        };
    }

    /// Reads the rows, if the table lies beside the checkout.
    private static List<String> table() throws IOException {
        var found = Path.of("").toAbsolutePath();
        while (found != null && !Files.isRegularFile(found.resolve("shared/ews/facts.md"))) {
            found = found.getParent();
        }
        assumeThat(found).as("shared/ews/facts.md beside the checkout").isNotNull();
        return Files.readAllLines(found.resolve("shared/ews/facts.md")).stream()
                .dropWhile(line -> !line.startsWith("### Reaction table"))
                .takeWhile(line -> line.startsWith("#") || line.startsWith("|"))
                .filter(line -> line.startsWith("| Error"))
                .map(line -> line.split("\\|", -1)[1])
                .toList();
    }
}
