package dev.tidemark.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Checks the addresses that documents pass to `curl`, by their host.
final class DocumentUrlRules {
    private static final String OPEN_API = "daemon/src/main/resources/dev/tidemark/daemon/admin/openapi.yaml";
    private static final Pattern PUBLIC_URL = Pattern.compile("public-url: \"?(https?://[^\\s\"]+)");

    private final Path root;
    private final Map<String, String> documents;

    /// @param documents texts by path
    DocumentUrlRules(Path root, Map<String, String> documents) {
        this.root = root;
        this.documents = documents;
    }

    List<String> faults(String document, List<String> words) {
        var urls = words.stream()
                .filter(word -> word.matches("https?://.*"))
                .map(URI::create)
                .toList();
        if (urls.size() != 1) {
            return List.of("curl needs one address, but has " + urls);
        }
        return fault(document, urls.getFirst()).stream().toList();
    }

    /// The paths of loopback addresses are requested by [DocumentCommandsIT].
    private Optional<String> fault(String document, URI url) {
        return switch (url.getHost()) {
            case "127.0.0.1" -> Optional.empty();
            case "tidemark.example.com" ->
                isAdminPath(url.getPath())
                        ? Optional.empty()
                        : Optional.of("the admin API has no path " + url.getPath());
            case "push.example.com" ->
                isCallbackPath(document, url)
                        ? Optional.empty()
                        : Optional.of("no public-url of " + document + " leads to " + url);
            case "mail.example.com" ->
                url.getPath().equals("/EWS/Exchange.asmx")
                        ? Optional.empty()
                        : Optional.of("Exchange has no path " + url.getPath());
            default -> Optional.of("no rule knows the host " + url.getHost());
        };
    }

    private boolean isAdminPath(String path) {
        return text(root.resolve(OPEN_API)).contains("\n  " + path + ":\n");
    }

    private boolean isCallbackPath(String document, URI url) {
        return PUBLIC_URL
                .matcher(documents.getOrDefault(document, ""))
                .results()
                .map(match -> match.group(1) + "/ews/notifications/")
                .anyMatch(prefix -> url.toString().matches(Pattern.quote(prefix) + "\\w+"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
