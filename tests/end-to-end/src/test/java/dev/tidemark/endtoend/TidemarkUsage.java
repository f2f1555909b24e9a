package dev.tidemark.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Parses commands of `bin/tidemark` by the product's own definition of its command line.
final class TidemarkUsage {
    private static final Set<String> NAMES = Set.of("tidemark", "bin/tidemark", "/opt/tidemark/bin/tidemark");
    /// Commands that need a name or a selection such as `--all`, which their definition cannot express.
    private static final Set<String> NEED_ARGUMENTS = Set.of(
            "dead-letters replay",
            "dead-letters drop",
            "mailboxes resubscribe",
            "mailboxes resync",
            "mailboxes pause",
            "mailboxes resume");

    private static final Pattern WORD = Pattern.compile("[^ \\[\\]]+");

    private final CommandLine commands = commandLine();

    /// Returns the command line with the commands of `lib/demo`, whose main class is hidden from other packages.
    static CommandLine commandLine() {
        try {
            var main = Class.forName("dev.tidemark.demo.DemoMain").getDeclaredMethod("commandLine");
            main.setAccessible(true);
            return (CommandLine) main.invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the demo has no command line", e);
        }
    }

    boolean isSubcommand(String name) {
        return commands.getSubcommands().containsKey(name);
    }

    /// @param words command with its program
    List<String> faults(List<String> words) {
        try {
            commands.parseArgs(arguments(words));
            return List.of();
        } catch (ParameterException refused) {
            return List.of(String.valueOf(refused.getMessage()));
        }
    }

    /// Returns true if a text names a command of `tidemark` without its parameters, as sentences do.
    boolean isMention(List<String> words) {
        if (!NAMES.contains(words.getFirst())) {
            return false;
        }
        if (NEED_ARGUMENTS.contains(String.join(" ", words.subList(1, words.size())))) {
            return true;
        }
        try {
            commands.parseArgs(arguments(words));
            return false;
        } catch (MissingParameterException incomplete) {
            return true;
        } catch (ParameterException refused) {
            return false;
        }
    }

    private static String[] arguments(List<String> words) {
        return words.stream().skip(1).toArray(String[]::new);
    }

    /// Returns the faults of a synopsis, such as `groups add|remove GROUP ADDRESS [--config F]`.
    List<String> synopsisFaults(String synopsis) {
        var words = WORD.matcher(synopsis.replace("|", " | "))
                .results()
                .map(word -> word.group())
                .toList();
        var parent = commands.getSubcommands().get(words.getFirst()).getCommandSpec();
        var faults = new ArrayList<String>();
        var owner = parent;
        var isKnown = true;
        for (var word : words.subList(1, words.size())) {
            if (word.equals("|")) {
                owner = parent;
                isKnown = true;
            } else if (word.startsWith("--")) {
                faults.addAll(optionFaults(owner, word));
            } else if (owner.subcommands().containsKey(word)) {
                owner = owner.subcommands().get(word).getCommandSpec();
            } else if (isKnown && !owner.subcommands().isEmpty()) {
                isKnown = false;
                faults.add(owner.qualifiedName() + " has no " + word);
            }
        }
        return faults;
    }

    private static List<String> optionFaults(CommandSpec owner, String option) {
        var known = owner.findOption(option) != null;
        return known ? List.of() : List.of(owner.qualifiedName() + " has no option " + option);
    }

    /// Returns the path of a subcommand without its arguments, such as `sinks test`.
    String subcommand(List<String> words) {
        var path = new ArrayList<String>();
        var spec = commands.getCommandSpec();
        for (var word : words.subList(1, words.size())) {
            if (!spec.subcommands().containsKey(word)) {
                break;
            }
            path.add(word);
            spec = spec.subcommands().get(word).getCommandSpec();
        }
        return String.join(" ", path);
    }
}
