package dev.tidemark.statuspage;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/// Browser, daemon, simulated Exchange and two receivers, which all tests of the page share. The sink `crm` is
/// accepted,
/// the sink `bad` refuses each event.
final class PageSetting implements AutoCloseable {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final List<Path> BROWSERS = List.of(
            Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"), Path.of("/usr/bin/google-chrome"));

    /// Limit of each wait of the browser. A build server may stand still for seconds.
    static final double LIMIT_MILLIS = 60_000;

    private final Playwright playwright;
    private final Browser browser;
    private final SimulatedExchange exchange;
    private final FixedStatusReceiver receiver = new FixedStatusReceiver();
    private final FixedStatusReceiver refusing = new FixedStatusReceiver();
    private final TidemarkDaemon daemon;
    private final String token;
    private final HttpClient client = HttpClient.newHttpClient();

    PageSetting(Path folder) throws IOException {
        var chromium = BROWSERS.stream().filter(Files::isExecutable).findFirst();
        Assumptions.assumeTrue(chromium.isPresent(), "no Chromium is installed (Debian package chromium)");
        PlaywrightAssertions.setDefaultAssertionTimeout(LIMIT_MILLIS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.get())
                        // containers of build servers have neither user namespaces nor a large /dev/shm
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage"))
                        .setTimeout(LIMIT_MILLIS));
        refusing.respondWith(400, "unknown field: partitionkey");
        exchange = SimulatedExchange.start(SimulatorConfig.defaults().withSpeed(30), Clock.systemUTC());
        List.of("ada@example.com", "bob@example.com").forEach(exchange::addMailbox);
        daemon = TidemarkDaemon.start(config(folder), Clock.systemUTC());
        token = Files.readString(folder.resolve("data/admin-token")).strip();
    }

    private TidemarkConfig config(Path folder) throws IOException {
        var text = """
                instance: gw1
                connections: { lab: { url: '%s', auth: { type: none } } }
                listener: { bind: '127.0.0.1:0', public-url: 'http://127.0.0.1:0', drain: 0s }
                subscriptions:
                  - name: inboxes
                    connection: lab
                    mailboxes: [ ada@example.com, bob@example.com, absent@example.com ]
                    status-frequency: 1m
                    forward-to: [ crm, bad ]
                sinks:
                  crm: { url: '%s', secret: '%s' }
                  bad: { url: '%s', secret: '%s', retry: [ 1s ] }
                egress: { allow: [ 127.0.0.0/8 ] }
                store: { url: 'jdbc:h2:file:./data/t', min-free: 1MiB }
                compensator: { sweep-interval: 250ms }
                admin: { bind: '127.0.0.1:0' }
                """.formatted(exchange.url(), receiver.url(), SECRET, refusing.url(), SECRET);
        return TidemarkConfig.read(Files.writeString(folder.resolve("t.yaml"), text), name -> Optional.empty());
    }

    /// Opens a page of the application in a new window with its own session.
    PageVisit visit(PageView view) {
        return new PageVisit(browser, view, daemon.adminAddress(), token);
    }

    String token() {
        return token;
    }

    void deliver(String address, String subject) {
        exchange.mailbox(address).deliver(subject);
    }

    /// Waits until the daemon reports this state of the mailbox.
    void awaitState(String address, String state) {
        Awaitility.await(address + " " + state)
                .until(() -> get("/api/v1/mailboxes/" + address).contains("\"state\":\"" + state + "\""));
    }

    private String get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(daemon.adminAddress().resolve(path))
                .header("Authorization", "Bearer " + token)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
        client.close();
        browser.close();
        playwright.close();
        daemon.close();
        exchange.close();
        receiver.close();
        refusing.close();
    }
}
