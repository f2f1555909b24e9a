package dev.tidemark.daemon.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Finds the values that a configuration file takes from variables and other files. Each may be a secret, whatever
/// its key is.
final class ConfigSecrets {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+?)(?::-[^}]*)?}");

    private ConfigSecrets() {}

    /// Returns the values; none if the file cannot be read.
    static Set<String> find(Path file, Function<String, Optional<String>> variables) {
        try {
            var folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
            return REFERENCE
                    .matcher(Files.readString(file))
                    .results()
                    .map(found -> value(found, folder, variables))
                    .flatMap(Optional::stream)
                    .collect(Collectors.toSet());
        } catch (IOException unreadable) {
            return Set.of();
        }
    }

    private static Optional<String> value(
            MatchResult reference, Path folder, Function<String, Optional<String>> variables) {
        if (reference.group(1).equals("env")) {
            return variables.apply(reference.group(2)).map(String::strip);
        }
        try {
            return Optional.of(
                    Files.readString(folder.resolve(reference.group(2))).strip());
        } catch (IOException | RuntimeException unreadable) {
            // a value that cannot be read is in no text
            return Optional.empty();
        }
    }
}
