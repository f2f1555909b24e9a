package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Checks every command of the documents by the rule of its program. [DocumentCommandsIT] runs those that can run on
/// this machine.
final class DocumentCommandRulesTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Map<String, String> FILES = SourceTree.read().files();
    private static final DocumentCommandRules RULES = new DocumentCommandRules(ROOT, FILES);

    @Test
    void a_rule_knows_every_command_of_the_documents_and_accepts_it() {
        var snippets = DocumentSnippets.ofDocuments(FILES);
        assertThat(snippets).filteredOn(RULES::isCommand).hasSizeGreaterThan(150);
        assertThat(snippets.stream().flatMap(snippet -> RULES.faults(snippet).stream()))
                .isEmpty();
    }

    @Test
    void a_wrong_command_is_found_with_its_line() {
        assertThat(faults("# A\n\n```sh\nbin/tidemark status\nfrobnicate --all\n```\n"))
                .containsExactly("docs/a.md:5: no rule knows the program 'frobnicate'");
        assertThat(faults("1. Run `bin/tidemark mailboxes show a@example.com --verbos`."))
                .singleElement()
                .asString()
                .startsWith("docs/a.md:1: ")
                .contains("--verbos");
        assertThat(
                        faults(
                                "| command | effect |\n| --- | --- |\n| `groups add\\|drop GROUP` | |\n| `reload --forced` | |"))
                .containsExactly(
                        "docs/a.md:3: tidemark groups has no drop",
                        "docs/a.md:4: tidemark reload has no option --forced");
        assertThat(faults("```sh\necho 'open\n```")).singleElement().asString().contains("the shell says");
        assertThat(faults("```sh\nsudo cp /opt/tidemark/conf/nothing.xml /tmp\n```"))
                .containsExactly("docs/a.md:2: the distribution has no conf/nothing.xml");
        assertThat(faults("```powershell\nGet-User x |\n  Format-Tabel Name\n```"))
                .containsExactly("docs/a.md:3: no rule knows the command Format-Tabel");
    }

    @Test
    void a_wrong_argument_of_a_script_is_found() {
        assertThat(faults("`mvn verify -pl tests/nothing -Pnone -Dtest=MissingTest -Dmodel.sea" + "d=1`"))
                .hasSize(4);
        assertThat(faults("`bin/tidemark-bench start --round 4` or `bin/tidemark-bench stop now`"))
                .hasSize(2);
        assertThat(faults("`packaging/oci/build-image --into x` or `make everything`"))
                .hasSize(2);
        assertThat(faults("`curl https://tidemark.example.com/metric` or `curl https://example.org/`"))
                .hasSize(2);
    }

    @Test
    void a_command_within_another_is_read() {
        assertThat(faults(
                        "```sh\nsudo sh -c 'set -a; exec runuser -u tidemark -- tidemark chek \\\n  --config x'\n```"))
                .singleElement()
                .asString()
                .startsWith("docs/a.md:2: ")
                .contains("chek");
        assertThat(faults("```sh\nA=\"$(tidemark stat)\" curl http://127.0.0.1/\n```"))
                .hasSize(1);
        assertThat(faults("```sh\ndocker exec tidemark tidemark stats\n```")).hasSize(1);
    }

    @Test
    void a_log_line_and_a_word_are_no_commands() {
        assertThat(faults("The line `tidemark ready page=x`, a `set of values`, and `tidemark`."))
                .isEmpty();
    }

    private static List<String> faults(String markdown) {
        return DocumentSnippets.of("docs/a.md", markdown).stream()
                .flatMap(snippet -> RULES.faults(snippet).stream())
                .toList();
    }
}
