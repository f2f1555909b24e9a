package dev.tidemark.daemon.config;

import dev.tidemark.ews.config.TextFiles;
import dev.tidemark.ews.config.UnreadableTextException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Replaces `${env:NAME}`, `${env:NAME:-default}` and `${file:PATH}` in a value. Resolves paths against `folder`
/// and drops the last line break of a file.
record ValueInterpolator(Path folder, Function<String, Optional<String>> environment) {
    private static final String ENV = "env:";
    private static final Pattern DEFAULTED = Pattern.compile("\\$\\{env:([^}:]+):-[^}]+\\}");
    private static final Pattern PLACE = Pattern.compile("\\$\\{([^}]*)\\}");

    /// Returns true if the file holds the whole value, literally or as a default. A secret is then readable in
    /// the file.
    boolean isWrittenOut(String raw) {
        var matcher = PLACE.matcher(raw);
        while (matcher.find()) {
            if (!isDefault(matcher.group(1))) {
                return false;
            }
        }
        return !matcher.replaceAll(
                        place -> Matcher.quoteReplacement(place.group(1).replaceFirst(".*?:-", "")))
                .isEmpty();
    }

    /// Returns the first variable with a default in a value; empty without one.
    static Optional<String> defaulted(String raw) {
        return DEFAULTED.matcher(raw).results().map(found -> found.group(1)).findFirst();
    }

    /// Returns whether a YAML error is at the brace of a reference, which YAML reads as the start of a mapping.
    static boolean isUnquoted(String text, SourceLocation error) {
        var line = text.lines().skip(error.line() - 1L).findFirst().orElse("");
        var end = Math.min(error.column(), line.length());
        return end >= 2 && line.startsWith("${", end - 2);
    }

    private boolean isDefault(String expression) {
        var split = expression.indexOf(":-");
        return split > 0
                && expression.startsWith(ENV)
                && environment.apply(expression.substring(ENV.length(), split)).isEmpty();
    }

    String resolve(String raw) throws BadValueException {
        var matcher = PLACE.matcher(raw);
        var result = new StringBuilder();
        var from = 0;
        while (matcher.find()) {
            result.append(raw, from, matcher.start()).append(value(matcher.group(1)));
            from = matcher.end();
        }
        return result.append(raw, from, raw.length()).toString();
    }

    private String value(String expression) throws BadValueException {
        if (expression.startsWith(ENV)) {
            return variable(expression.substring(ENV.length()));
        }
        if (expression.startsWith("file:")) {
            return content(expression.substring("file:".length()));
        }
        throw new BadValueException("'${" + expression + "}' is not known; write ${env:NAME} or ${file:PATH}");
    }

    private String variable(String expression) throws BadValueException {
        var split = expression.indexOf(":-");
        var name = split < 0 ? expression : expression.substring(0, split);
        var found = environment.apply(name);
        if (found.isPresent()) {
            return found.get();
        }
        if (split < 0) {
            throw new BadValueException(
                    "the environment has no " + name + "; set it, or write ${env:" + name + ":-default}");
        }
        return expression.substring(split + 2);
    }

    private String content(String path) throws BadValueException {
        try {
            return TextFiles.read(folder.resolve(path)).stripTrailing();
        } catch (UnreadableTextException noText) {
            throw new BadValueException(
                    "file " + folder.resolve(path) + ", line " + noText.line() + ": " + noText.sentence());
        } catch (IOException | InvalidPathException unreadable) {
            throw new BadValueException("file " + folder.resolve(path) + " cannot be read; create it, or fix the path");
        }
    }
}
