package dev.tidemark.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Parses every command of the documents without running it. A command in a shell block must be complete. Of one
/// in the text, the names of command and options must exist.
final class DocumentCommandsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern SHELL_BLOCK = Pattern.compile("(?ms)^ *```sh$(.*?)^ *```$");
    private static final Pattern CALL = Pattern.compile("(?m)(?:^ *|\\S*bin/)tidemark[ \\t]+([^\\n|;&#)]*)");
    private static final Pattern SPAN = Pattern.compile("`(?:bin/)?tidemark ([a-z-]+(?: [^`]*)?)`");

    /// Output of `run`, not a command.
    private static final String READY_LINE = "ready";

    private final CommandLine commands = DemoMain.commandLine();

    @Test
    void every_command_in_a_shell_block_can_be_parsed() throws IOException {
        var calls = calls(documents());
        assertThat(calls).hasSizeGreaterThan(15).anyMatch(call -> call.startsWith("simulate"));
        assertThat(calls.stream().flatMap(this::refusal)).isEmpty();
    }

    @Test
    void every_command_in_the_text_has_known_names() throws IOException {
        var spans = spans(documents());
        assertThat(spans).hasSizeGreaterThan(25);
        assertThat(spans.stream().flatMap(this::unknownName)).isEmpty();
    }

    @Test
    void unknown_commands_options_and_missing_values_are_found() {
        var block = """
                ```sh
                bin/tidemark simulat --port 1
                X=1 bin/tidemark run --confg \\
                  a.yaml   # comment
                sudo sh -c '. x; exec /opt/tidemark-1/bin/tidemark backup --too /tmp/a'
                bin/tidemark listen --port nine
                bin/tidemark status
                ```
                """;
        assertThat(calls(block)).hasSize(5);
        assertThat(calls(block).stream().flatMap(this::refusal)).hasSize(4);
        var text = "`bin/tidemark mailbox list`, `tidemark sinks show`, `tidemark run --now`, `tidemark ready …`";
        assertThat(spans(text).stream().flatMap(this::unknownName)).hasSize(3);
    }

    private static String documents() throws IOException {
        var text = new StringBuilder();
        try (var docs = Files.walk(ROOT.resolve("docs"))) {
            for (var page : Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList()) {
                text.append(Files.readString(page)).append('\n');
            }
        }
        return text.toString();
    }

    private static List<String> calls(String documents) {
        return SHELL_BLOCK
                .matcher(documents)
                .results()
                .flatMap(block ->
                        CALL.matcher(block.group(1).replaceAll("\\\\\\n", " ")).results())
                .map(call -> call.group(1).strip())
                .toList();
    }

    private static List<String> spans(String documents) {
        return SPAN.matcher(documents)
                .results()
                .map(span -> span.group(1))
                .filter(span -> !span.startsWith(READY_LINE))
                .toList();
    }

    private Stream<String> refusal(String call) {
        try {
            commands.parseArgs(words(call));
            return Stream.of();
        } catch (ParameterException refused) {
            return Stream.of(call + ": " + refused.getMessage());
        }
    }

    private Stream<String> unknownName(String span) {
        var unknown = new ArrayList<String>();
        var command = commands;
        for (var word : words(span)) {
            var next = Optional.ofNullable(command.getSubcommands().get(word));
            if (word.startsWith("--")) {
                if (command.getCommandSpec().findOption(word.replaceAll("=.*", "")) == null) {
                    unknown.add(word);
                }
            } else if (next.isPresent()) {
                command = next.get();
            } else if (needsSubcommand(command)) {
                unknown.add(word);
                break;
            }
        }
        return unknown.stream().map(word -> span + ": " + word);
    }

    private static boolean needsSubcommand(CommandLine command) {
        return !command.getSubcommands().isEmpty();
    }

    private static String[] words(String call) {
        return call.replaceAll("['\"\\[\\]]", "").strip().split("\\s+");
    }
}
