package dev.tidemark.simulator;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.common.FatalStartupException;
import com.github.tomakehurst.wiremock.common.Slf4jNotifier;
import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.AdminRequestHandler;
import com.github.tomakehurst.wiremock.http.StubRequestHandler;
import com.github.tomakehurst.wiremock.jetty11.Jetty11HttpServer;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.tls.SimulatorCertificate;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import wiremock.jakarta.servlet.DispatcherType;
import wiremock.jakarta.servlet.Filter;
import wiremock.org.eclipse.jetty.servlet.FilterHolder;
import wiremock.org.eclipse.jetty.servlet.ServletContextHandler;

/// HTTP server of the simulator. Only this class and [ServletDoor] use WireMock. Its administration is closed.
final class WireMockHost implements AutoCloseable {
    /// Handles requests; called by many threads.
    interface FrontDoor {
        void serve(SimulatorRequest request, ResponseSink sink) throws IOException;
    }

    /// Writes a response to the client; a stream until its end.
    interface ResponseSink {
        void write(SimulatorResponse response) throws IOException;
    }

    /// Number of threads. A stream, and a callback before the Subscribe response, occupies one until its end.
    private static final int THREADS = 64;

    private final WireMockServer server;

    private final Optional<SimulatorCertificate> certificate;

    WireMockHost(SimulatorConfig config, FrontDoor frontDoor, ConnectionLife life) {
        var access = config.access();
        certificate = access.tls() ? Optional.of(SimulatorCertificate.create(access.bind())) : Optional.empty();
        server = new WireMockServer(onPort(config.port())
                .bindAddress(access.bind())
                .containerThreads(THREADS)
                .disableRequestJournal()
                // a compressor would delay streams
                .gzipDisabled(true)
                .httpServerFactory((options, admin, stubs) ->
                        new FilteredServer(options, admin, stubs, new ServletDoor(frontDoor, life)))
                .notifier(new Slf4jNotifier(false))
                .adminAuthenticator(request -> false));
        server.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(404)
                        .withHeader("Content-Type", "text/plain; charset=utf-8")
                        .withBody("The simulated Exchange answers at /EWS/Exchange.asmx.")));
    }

    private WireMockConfiguration onPort(int port) {
        return certificate
                .map(own -> wireMockConfig()
                        .httpDisabled(true)
                        .httpsPort(port)
                        .keystoreType("PKCS12")
                        .keystorePath(own.keyStore().toString())
                        .keystorePassword(SimulatorCertificate.PASSWORD)
                        .keyManagerPassword(SimulatorCertificate.PASSWORD))
                .orElseGet(() -> wireMockConfig().port(port));
    }

    void start() {
        try {
            server.start();
        } catch (FatalStartupException e) {
            throw new SimulatorException("The simulated Exchange failed to open its port: " + e.getMessage(), e);
        }
    }

    int port() {
        return certificate.isPresent() ? server.httpsPort() : server.port();
    }

    Optional<SimulatorCertificate> certificate() {
        return certificate;
    }

    @Override
    public void close() {
        server.stop();
        certificate.ifPresent(SimulatorCertificate::close);
    }

    private static final class FilteredServer extends Jetty11HttpServer {
        private final Filter filter;

        FilteredServer(Options options, AdminRequestHandler admin, StubRequestHandler stubs, Filter filter) {
            super(options, admin, stubs);
            this.filter = filter;
        }

        @Override
        protected void decorateMockServiceContextBeforeConfig(ServletContextHandler context) {
            super.decorateMockServiceContextBeforeConfig(context);
            // the super constructor creates the server before the filter exists
            Filter late = (request, response, chain) -> filter.doFilter(request, response, chain);
            context.addFilter(new FilterHolder(late), "/*", EnumSet.of(DispatcherType.REQUEST));
        }
    }
}
