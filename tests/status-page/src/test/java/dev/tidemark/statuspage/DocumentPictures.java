package dev.tidemark.statuspage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/// Pictures of the page in `docs/images`, by name of the situation or page.
final class DocumentPictures {
    private static final Map<String, String> FILES = Map.of(
            "EXCHANGE_UNREACHABLE", "status-page-problems.png",
            "ALL_WELL", "status-page-well.png",
            "nodes", "status-page-nodes.png",
            "dead-letter", "status-page-dead-letter.png");

    private DocumentPictures() {}

    static boolean has(String name) {
        return FILES.containsKey(name);
    }

    static void copy(Path picture, String name) {
        var folder = Path.of(System.getProperty("docs", "../../docs")).resolve("images");
        var file = Optional.ofNullable(FILES.get(name)).orElseThrow();
        try {
            Files.createDirectories(folder);
            Files.copy(picture, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
