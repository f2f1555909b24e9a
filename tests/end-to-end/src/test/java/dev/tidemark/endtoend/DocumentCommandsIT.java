package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.endtoend.DocumentSnippet.Kind;
import dev.tidemark.endtoend.ShellScript.SimpleCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the commands of the documents that can run on this machine: the trial of `docs/getting-started.md` in the order
/// of the page, then all others against its programs. [DocumentCommandRulesTest] checks the rest.
final class DocumentCommandsIT {
    private static final String PAGE = "docs/getting-started.md";
    private static final String ADA = "ada@example.com";

    /// Commands of `tidemark` that stay: the page runs three, [DemoLauncherIT] runs the demo.
    private static final Set<String> NOT_HERE = Set.of("run", "simulate", "listen", "demo", "");

    /// A restore needs a backup, and a migration a store that no daemon uses.
    private static final List<String> STAGES = List.of("backup", "restore", "migrate");

    private static final Set<String> HELPERS = Set.of("umask", "mkdir");

    private static final TidemarkUsage USAGE = new TidemarkUsage();

    @TempDir
    private Path folder;

    @Test
    void the_trial_works_as_the_page_describes_it_and_all_other_commands_work_after_it() throws IOException {
        var files = SourceTree.read().files();
        var snippets = DocumentSnippets.ofDocuments(files);
        try (var trial = new DocumentTrial(folder)) {
            runPage(trial, snippets);
            var all = new SoftAssertions();
            runRequests(trial, snippets, all);
            runHere(trial, snippets, all);
            all.assertAll();
        }
    }

    private static void runPage(DocumentTrial trial, List<DocumentSnippet> snippets) {
        var blocks = snippets.stream()
                .filter(DocumentCommandsIT::isStepOfPage)
                .filter(snippet -> !snippet.text().contains("/etc/tidemark"))
                .toList();
        assertThat(blocks).hasSize(6);
        for (var block : blocks) {
            assertThat(trial.runLines(block)).as(block.place(0)).allSatisfy(DocumentCommandsIT::assertWorked);
            if (block.text().contains("tidemark run")) {
                awaitSubscriptions(trial);
            }
        }
        await("the mail").untilAsserted(() -> assertThat(trial.output("listen")).contains("mailbox.message.received"));
    }

    private static boolean isStepOfPage(DocumentSnippet snippet) {
        return snippet.file().equals(PAGE) && snippet.kind() == Kind.SHELL;
    }

    private static void awaitSubscriptions(DocumentTrial trial) {
        await("subscriptions")
                .untilAsserted(() -> assertThat(trial.output("listen").lines())
                        .filteredOn(line -> line.contains("subscription.created"))
                        .hasSize(3));
    }

    /// Runs requests to the simulated Exchange and to the listener, and `openssl`.
    private static void runRequests(DocumentTrial trial, List<DocumentSnippet> snippets, SoftAssertions all) {
        var lines = snippets.stream()
                .filter(snippet -> isRequest(snippet.text()) && !isStepOfPage(snippet))
                .map(DocumentSnippet::text)
                .distinct()
                .toList();
        assertThat(lines).hasSizeGreaterThan(5);
        for (var line : lines) {
            // the simulated Exchange takes the place of the real one
            var local = line.replace("https://mail.example.com/", "http://127.0.0.1:8443/")
                    .replace("--ntlm -u 'EXAMPLE\\svc-push'", "-u svc-push:secret")
                    .replace(ADA, "mailbox1@demo.example");
            var result = trial.runToEnd(local);
            all.assertThat(result.exit()).as("%s says %s", line, result.text()).isZero();
        }
    }

    private static boolean isRequest(String text) {
        var commands = ShellScript.commands(text);
        return commands.stream().anyMatch(command -> isLocalRequest(command.words()) || isRandom(command.words()))
                && commands.stream()
                        .allMatch(command -> isLocalRequest(command.words())
                                || isRandom(command.words())
                                || HELPERS.contains(command.program()));
    }

    private static boolean isRandom(List<String> words) {
        return words.size() > 2 && words.subList(0, 2).equals(List.of("openssl", "rand"));
    }

    private static boolean isLocalRequest(List<String> words) {
        return words.getFirst().equals("curl")
                && words.stream()
                        .anyMatch(word ->
                                word.matches("http://127\\.0\\.0\\.1:8\\d+/.*|https://mail\\.example\\.com/.*"));
    }

    private static void runHere(DocumentTrial trial, List<DocumentSnippet> snippets, SoftAssertions all)
            throws IOException {
        var rules = new DocumentCommandRules(Path.of("../.."), Map.of());
        var commands = snippets.stream()
                .filter(snippet -> snippet.kind() != Kind.POWERSHELL && rules.isCommand(snippet))
                .flatMap(snippet -> ShellScript.commands(snippet.text()).stream())
                .filter(command -> command.program().equals("tidemark"))
                .map(SimpleCommand::words)
                .filter(words -> !USAGE.isMention(words) && !NOT_HERE.contains(USAGE.subcommand(words)))
                .distinct()
                .sorted(Comparator.comparingInt(words -> STAGES.indexOf(USAGE.subcommand(words))))
                .toList();
        assertThat(commands.stream().map(USAGE::subcommand))
                .contains("check", "status", "backup", "restore", "migrate", "sinks replay", "mailboxes forget");
        var arguments = new TrialArguments(trial.folder(), trial.port("8781"));
        for (var words : commands) {
            var subcommand = USAGE.subcommand(words);
            if (words.contains(ADA) && !subcommand.startsWith("groups")) {
                enroll(trial, arguments);
            }
            var result = trial.runHere(arguments.of(subcommand, words));
            all.assertThat(result.exit()).as("%s says %s", words, result.text()).isZero();
        }
    }

    /// Adds the mailbox of the examples, unless an earlier command did.
    private static void enroll(DocumentTrial trial, TrialArguments arguments) throws IOException {
        var add = List.of("tidemark", "groups", "add", "trial", ADA);
        trial.runHere(arguments.of("groups add", add));
    }

    private static void assertWorked(DocumentTrial.Result result) {
        assertThat(result.exit()).as(result::text).isZero();
    }
}
