package dev.tidemark.daemon.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/// Version of this build, read from a file that the build writes.
public final class BuildVersion {
    private static final String UNKNOWN = "unknown";

    private BuildVersion() {}

    public static String current() {
        return property("version");
    }

    /// Returns the commit of the build, or `unknown`.
    public static String revision() {
        return property("revision");
    }

    private static String property(String name) {
        var properties = new Properties();
        try (var in = BuildVersion.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        var value = properties.getProperty(name, UNKNOWN);
        return value.isBlank() || value.startsWith("${") ? UNKNOWN : value;
    }
}
