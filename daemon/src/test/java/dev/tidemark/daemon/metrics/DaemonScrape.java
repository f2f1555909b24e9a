package dev.tidemark.daemon.metrics;

import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Scrape of a whole daemon just after its start.
record DaemonScrape(String text) {
    /// Configuration with everything that has metrics.
    static final String CONFIGURATION = TestDaemonConfig.TEXT
            .replace("onprem: {", "onprem: { canary: { mailbox: ada@example.com },")
            .replace("name: inboxes,", "name: inboxes, events: [ NewMail, Created ],");

    private static final Pattern SERIES = Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{.*})?) \\S+$");

    /// Starts a daemon with an empty store in `folder`, scrapes it, and stops it.
    static DaemonScrape take(Path folder) throws IOException, InterruptedException {
        return take(folder, CONFIGURATION);
    }

    static DaemonScrape take(Path folder, String configuration) throws IOException, InterruptedException {
        var file = Files.writeString(folder.resolve("tidemark.yaml"), configuration);
        var config = TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET));
        try (var daemon = TidemarkDaemon.start(config, Clock.systemUTC());
                var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(daemon.adminAddress() + "/metrics"))
                    .build();
            return new DaemonScrape(http.send(request, BodyHandlers.ofString()).body());
        }
    }

    /// Returns the names of all samples with their labels.
    Set<String> series() {
        return text.lines()
                .map(SERIES::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    /// Returns the names of all samples.
    Set<String> names() {
        return series().stream().map(each -> each.replaceFirst("\\{.*", "")).collect(Collectors.toSet());
    }
}
