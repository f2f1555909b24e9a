package dev.tidemark.simulator.record;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.record.RecordingFolder.RecordedCall;
import dev.tidemark.simulator.tls.SimulatorCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes the calls of clients through to a real server and records them with pseudonyms. Headers are not recorded,
/// so no login is. A login that belongs to a connection, as NTLM does, does not pass. Thread-safe.
public final class ExchangeRecorder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ExchangeRecorder.class);
    private static final String EWS = "/EWS/Exchange.asmx";

    /// Settings of a recorder.
    ///
    /// @param target URL of the server; its path does not matter
    /// @param folder absent or empty folder for the recording
    public record RecorderSettings(URI target, Path folder, String bind, int port, boolean tls) {}

    private final ExecutorService threads = Executors.newCachedThreadPool(ExchangeRecorder::daemon);
    private final BodyAnonymizer anonymizer = new BodyAnonymizer();
    private final RecordingFolder folder;
    private final PassThroughClient client;
    private final Optional<SimulatorCertificate> certificate;
    private final HttpServer server;

    private ExchangeRecorder(RecorderSettings settings) throws IOException {
        client = new PassThroughClient(settings.target());
        var address = new InetSocketAddress(settings.bind(), settings.port());
        certificate = settings.tls() ? Optional.of(SimulatorCertificate.create(settings.bind())) : Optional.empty();
        server = certificate.isPresent() ? secure(certificate.get(), address) : HttpServer.create(address, 0);
        folder = RecordingFolder.create(settings.folder());
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    private static HttpServer secure(SimulatorCertificate own, InetSocketAddress address) throws IOException {
        var secure = HttpsServer.create(address, 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(own.serverContext()));
        return secure;
    }

    /// Starts a recorder. Throws [SimulatorException] if the port is in use or the folder is not empty.
    public static ExchangeRecorder start(RecorderSettings settings) {
        try {
            var recorder = new ExchangeRecorder(settings);
            recorder.server.start();
            log.info("Recording {} to {}", settings.target(), settings.folder());
            return recorder;
        } catch (IOException e) {
            throw new SimulatorException("The recorder failed to open its port: " + e.getMessage(), e);
        }
    }

    /// Returns the URL of Exchange Web Services for clients.
    public URI url() {
        return URI.create((certificate.isPresent() ? "https" : "http") + "://127.0.0.1:"
                + server.getAddress().getPort() + EWS);
    }

    public Optional<SimulatorCertificate> certificate() {
        return certificate;
    }

    /// Returns the number of recorded calls.
    public int calls() {
        return folder.count();
    }

    private static Thread daemon(Runnable work) {
        var thread = new Thread(work, "simulator-recorder");
        thread.setDaemon(true);
        return thread;
    }

    private void handle(HttpExchange call) throws IOException {
        try (call) {
            var request = call.getRequestBody().readAllBytes();
            var start = System.nanoTime();
            var reply = client.pass(call, request);
            record(new String(request, StandardCharsets.UTF_8), reply, (System.nanoTime() - start) / 1_000_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void record(String request, PassThroughClient.PassedReply reply, long milliseconds) throws IOException {
        var asked = anonymizer.anonymize(request).orElse("");
        var answered = anonymizer.anonymize(reply.body()).orElse("");
        var header = RequestOutline.of(asked);
        folder.write(new RecordedCall(
                header.operation(),
                header.mailbox(),
                reply.status(),
                reply.retryAfter(),
                milliseconds,
                asked,
                answered));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        certificate.ifPresent(SimulatorCertificate::close);
    }
}
