package dev.tidemark.ews;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Finds bodies and schemas of other projects beside the checkout, if they are present.
public final class SharedSamples {
    private SharedSamples() {}

    public static byte[] sample(String name) throws IOException {
        return Files.readAllBytes(existing("samples").resolve(name));
    }

    public static Path schemas() throws IOException {
        return existing("xsd");
    }

    /// Looks for `shared/ews` beside this folder and beside each one above it.
    private static Path existing(String folder) {
        var found = Path.of("").toAbsolutePath();
        while (found != null && !Files.isDirectory(found.resolve("shared/ews").resolve(folder))) {
            found = found.getParent();
        }
        assumeThat(found)
                .as("shared/ews/%s beside the checkout; these bodies are not ours to commit", folder)
                .isNotNull();
        return found.resolve("shared/ews").resolve(folder);
    }
}
