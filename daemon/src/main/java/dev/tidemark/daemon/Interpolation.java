package dev.tidemark.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Replaces `${env:NAME}`, `${env:NAME:-default}` and `${file:PATH}` in a value. Paths are relative to
/// `folder`; a file's last line break does not belong to its value.
record Interpolation(Path folder, Function<String, Optional<String>> environment) {
    private static final Pattern PLACE = Pattern.compile("\\$\\{([^}]*)\\}");

    /// Whether a part of the value comes from elsewhere, so that a secret in it is not in the file.
    static boolean refersElsewhere(String raw) {
        return PLACE.matcher(raw).find();
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
        if (expression.startsWith("env:")) {
            return variable(expression.substring("env:".length()));
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
            return Files.readString(folder.resolve(path)).stripTrailing();
        } catch (IOException | InvalidPathException unreadable) {
            throw new BadValueException(
                    "file " + folder.resolve(path) + " cannot be read; create it, or mend the path");
        }
    }
}
