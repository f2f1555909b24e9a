package dev.tidemark.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.endtoend.DocumentSnippet.Kind;
import dev.tidemark.endtoend.ShellScript.SimpleCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Checks each command of the documents by a rule for its program. A command without a rule is a fault.
final class DocumentCommandRules {
    /// Programs of the system: only the syntax and the paths of this project are checked.
    private static final List<String> SYSTEM_PROGRAMS = List.of(
            "apt-get chgrp chmod cp docker install jcmd journalctl kill ln mkdir mv openssl osv-scanner ps ssh sudoedit",
            "systemctl systemd-analyze tar umask useradd . cat echo set source");

    private static final Pattern INSTALLED = Pattern.compile("/opt/tidemark(?:-\\d+\\.\\d+\\.\\d+)?/(\\S+)");

    private final Path root;
    private final TidemarkUsage usage = new TidemarkUsage();
    private final DocumentUrlRules urls;
    private final Map<String, Function<SimpleCommand, List<String>>> rules = new HashMap<>();

    /// @param files documents by path
    DocumentCommandRules(Path root, Map<String, String> files) {
        this.root = root;
        urls = new DocumentUrlRules(root, files);
        SYSTEM_PROGRAMS.forEach(line ->
                Stream.of(line.split(" ", -1)).forEach(name -> rules.put(name, command -> List.of())));
        var scripts = new ProjectScriptRules(root);
        rules.put("tidemark", command -> usage.faults(command.words()));
        rules.put("tidemark-bench", command -> scripts.benchFaults(command.words()));
        rules.put("mvn", command -> scripts.mavenFaults(command.words()));
        rules.put("make", command -> scripts.makeFaults(command.words()));
        Stream.of("helm", "build-image", "try-image", "check-reproducible", "check-rolling-upgrade", "record-checksums")
                .forEach(name -> rules.put(name, command -> scripts.fileFaults(command.words())));
    }

    /// Returns the faults of a snippet, each with file and line.
    List<String> faults(DocumentSnippet snippet) {
        return switch (snippet.kind()) {
            case SHELL -> shellFaults(snippet);
            case POWERSHELL -> PowerShellRules.faults(snippet);
            case CELL -> usage.isSubcommand(firstWord(snippet)) ? synopsisFaults(snippet) : shellFaults(snippet);
            case SPAN -> isCommand(snippet) ? shellFaults(snippet) : List.of();
        };
    }

    /// Returns true if a snippet is read as commands.
    boolean isCommand(DocumentSnippet snippet) {
        return snippet.kind() != Kind.SPAN || beginsWithProgram(snippet);
    }

    private boolean beginsWithProgram(DocumentSnippet snippet) {
        return !isLogLine(snippet)
                && ShellScript.commands(snippet.text()).stream()
                        .findFirst()
                        .filter(command -> command.words().size() > 1 && hasRule(command))
                        .isPresent();
    }

    private static boolean isLogLine(DocumentSnippet snippet) {
        return snippet.text().startsWith("tidemark ready");
    }

    private boolean hasRule(SimpleCommand command) {
        return rules.containsKey(command.program()) || command.program().equals("curl");
    }

    private static String firstWord(DocumentSnippet snippet) {
        return snippet.text().split("[ \\[]", 2)[0];
    }

    private List<String> synopsisFaults(DocumentSnippet snippet) {
        return usage.synopsisFaults(snippet.text()).stream()
                .map(fault -> snippet.place(0) + ": " + fault)
                .toList();
    }

    private List<String> shellFaults(DocumentSnippet snippet) {
        var faults = new ArrayList<>(syntaxFaults(snippet));
        var installed = INSTALLED.matcher(snippet.text());
        while (installed.find()) {
            if (!Files.exists(root.resolve(installed.group(1)))) {
                faults.add(snippet.place(0) + ": the distribution has no " + installed.group(1));
            }
        }
        for (var command : ShellScript.commands(snippet.text())) {
            faults(snippet, command).forEach(fault -> faults.add(snippet.place(command.line()) + ": " + fault));
        }
        return faults;
    }

    private List<String> faults(DocumentSnippet snippet, SimpleCommand command) {
        var program = command.program();
        if (program.equals("docker") && command.words().get(1).equals("exec")) {
            return faults(
                    snippet,
                    new SimpleCommand(
                            0, command.words().subList(3, command.words().size())));
        }
        if (snippet.kind() == Kind.SPAN && usage.isMention(command.words())) {
            return List.of();
        }
        if (program.equals("curl")) {
            return urls.faults(snippet.file(), command.words());
        }
        return Optional.ofNullable(rules.get(program))
                .map(rule -> rule.apply(command))
                .orElseGet(() -> List.of("no rule knows the program '" + program + "'"));
    }

    private static List<String> syntaxFaults(DocumentSnippet snippet) {
        try {
            var shell = new ProcessBuilder("sh", "-n", "-c", snippet.text().replaceAll("<\\(.*?\\)", ""))
                    .redirectErrorStream(true)
                    .start();
            var said = new String(shell.getInputStream().readAllBytes(), UTF_8);
            return shell.waitFor() == 0 ? List.of() : List.of(snippet.place(0) + ": the shell says " + said.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a shell read a command", e);
        }
    }
}
