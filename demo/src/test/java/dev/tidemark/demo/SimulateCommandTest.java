package dev.tidemark.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateCommandTest {
    private static final Pattern ADDRESS = Pattern.compile("simulated Exchange at (\\S+)");

    private final StringWriter out = new StringWriter();
    private Thread running = new Thread();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() throws InterruptedException {
        running.interrupt();
        running.join();
    }

    @Test
    void serves_tls_to_a_client_that_trusts_the_written_certificate() throws Exception {
        var file = folder.resolve("simulated.pem");
        var url = start("simulate", "--port", "0", "--tls", "--certificate", file.toString());

        var client = HttpClient.newBuilder().sslContext(trusting(file)).build();
        var answer = client.send(
                HttpRequest.newBuilder(url.resolve("/simulator/subscriptions")).build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(url).hasScheme("https");
        assertThat(out.toString()).contains("certificate in " + file);
        assertThat(answer.body()).isEqualTo("[]");
    }

    @Test
    void records_the_calls_that_it_passes_through() throws Exception {
        try (var real = SimulatedExchange.start(SimulatorConfig.defaults(), Clock.systemUTC())) {
            var url = start("simulate", "--port", "0", "--record", real.url().toString(), "--to", folder + "/calls");

            HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.discarding());

            await().untilAsserted(() ->
                    assertThat(folder.resolve("calls/calls.jsonl")).content().contains("\"status\":405"));
        }
    }

    private int run(StringWriter err, String... arguments) {
        return DemoMain.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void a_port_in_use_is_named_in_one_sentence() throws IOException {
        var err = new StringWriter();
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run(err, "simulate", "--port", Integer.toString(taken.getLocalPort())))
                    .isEqualTo(4);
        }
        assertThat(err.toString()).contains("Address already in use", "--port").doesNotContain("wiremock");
    }

    @Test
    void a_recording_overwrites_nothing() throws IOException {
        Files.writeString(folder.resolve("mine"), "");
        var err = new StringWriter();
        assertThat(run(err, "simulate", "--record", "https://exchange.example.com", "--to", folder.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("is not an empty directory").doesNotContain("--port");
    }

    private URI start(String... arguments) {
        running = new Thread(() -> DemoMain.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(arguments));
        running.start();
        await().until(() -> ADDRESS.matcher(out.toString()).find());
        return ADDRESS.matcher(out.toString())
                .results()
                .map(found -> URI.create(found.group(1)))
                .findFirst()
                .orElseThrow();
    }

    private static SSLContext trusting(Path pem) throws Exception {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (var in = Files.newInputStream(pem)) {
            trusted.setCertificateEntry(
                    "it", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
