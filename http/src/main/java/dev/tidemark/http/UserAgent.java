package dev.tidemark.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/// User-Agent of every request, `Tidemark/` and the version of this build. Exchange's policies and receivers
/// may depend on it. Immutable.
public final class UserAgent {
    private static final String TEXT = "Tidemark/" + version();

    private UserAgent() {}

    public static String text() {
        return TEXT;
    }

    /// Reads a file that the build writes.
    private static String version() {
        var properties = new Properties();
        try (var in = UserAgent.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return properties.getProperty("version", "unknown");
    }
}
