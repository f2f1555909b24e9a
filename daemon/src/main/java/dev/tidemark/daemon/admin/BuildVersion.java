package dev.tidemark.daemon.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// Version of this build, read from a file that the build writes.
public final class BuildVersion implements IVersionProvider {
    public static String current() {
        var properties = new Properties();
        try (var in = BuildVersion.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return properties.getProperty("version", "unknown");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"tidemark " + current() + " (Java " + Runtime.version() + ")"};
    }
}
