package dev.tidemark.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Checks commands of contributors and packagers by the files of the project that they name. Such commands take too
/// long to be run by a test.
final class ProjectScriptRules {
    private static final Pattern LONG_OPTION = Pattern.compile("--[a-z-]+");
    private static final Pattern PROFILE = Pattern.compile("-P(\\w+)");
    private static final Pattern TEST = Pattern.compile("-D(?:it\\.)?test=\\*?(\\w+).*");
    private static final Pattern PROPERTY = Pattern.compile("-D((?:[a-z]+\\.)?[a-z]+)=.*");
    private static final List<String> PROPERTIES_OF_PLUGINS = List.of("test", "it.test");

    private final Path root;
    private final Map<String, String> sourcesByFolder = new HashMap<>();

    ProjectScriptRules(Path root) {
        this.root = root;
    }

    /// Returns the faults of a script or a tool that takes files of this project.
    List<String> fileFaults(List<String> words) {
        var missing = words.stream()
                .filter(word -> word.startsWith("packaging/") && !Files.exists(root.resolve(word)))
                .map(word -> word + " does not exist")
                .toList();
        var script = words.getFirst();
        if (!missing.isEmpty() || !script.startsWith("packaging/")) {
            return missing;
        }
        return unknown(options(words), text(root.resolve(script)), script);
    }

    List<String> benchFaults(List<String> words) {
        var options = options(words).filter(option -> !option.equals("--help")).map(option -> '"' + option + '"');
        var subcommand = words.stream()
                .skip(1)
                .limit(1)
                .filter(word -> word.matches("[a-z]+"))
                .map(name -> "name = \"" + name + '"');
        return unknown(
                Stream.concat(options, subcommand),
                sourcesByFolder.computeIfAbsent("tests/benchmarks/src/main", this::sources),
                "tidemark-bench");
    }

    List<String> makeFaults(List<String> words) {
        var targets = words.stream().skip(1).filter(word -> !word.contains("=")).map(word -> "\n" + word + ":");
        return unknown(targets, text(root.resolve("Makefile")), "make");
    }

    /// Checks modules, profiles, names of tests, and properties of the project.
    List<String> mavenFaults(List<String> words) {
        var sources = sourcesByFolder.computeIfAbsent(".", this::sources);
        var modules =
                words.contains("-pl") ? words.get(words.indexOf("-pl") + 1).split(",", -1) : new String[0];
        var noModules = Stream.of(modules)
                .filter(module -> !Files.exists(root.resolve(module).resolve("pom.xml")));
        var named = Stream.of(
                        groups(PROFILE, words).map(profile -> "<id>" + profile + "</id>"),
                        groups(TEST, words).filter(test -> !test.equals("none")).map(test -> test + " {"),
                        groups(PROPERTY, words).filter(property -> !PROPERTIES_OF_PLUGINS.contains(property)))
                .flatMap(names -> names);
        return Stream.concat(
                        noModules.map(module -> "there is no module " + module),
                        unknown(named, sources, "the build").stream())
                .toList();
    }

    private static Stream<String> groups(Pattern argument, List<String> words) {
        return words.stream().map(argument::matcher).filter(Matcher::matches).map(match -> match.group(1));
    }

    private static Stream<String> options(List<String> words) {
        return words.stream()
                .flatMap(word -> LONG_OPTION.matcher(word).results().map(MatchResult::group));
    }

    private static List<String> unknown(Stream<String> names, String text, String owner) {
        return names.filter(name -> !text.contains(name))
                .map(name -> owner + " does not know " + name.strip())
                .toList();
    }

    private String sources(String folder) {
        try (var files = Files.walk(root.resolve(folder))) {
            return files.filter(ProjectScriptRules::isSource)
                    .map(ProjectScriptRules::text)
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSource(Path file) {
        var name = file.toString();
        return (name.endsWith(".java") || name.endsWith("pom.xml")) && !name.contains("/target/");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
