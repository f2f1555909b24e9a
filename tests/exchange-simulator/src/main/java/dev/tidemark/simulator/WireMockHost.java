package dev.tidemark.simulator;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.common.FatalStartupException;
import com.github.tomakehurst.wiremock.common.Slf4jNotifier;
import com.github.tomakehurst.wiremock.core.Options;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.AdminRequestHandler;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.http.StubRequestHandler;
import com.github.tomakehurst.wiremock.jetty11.Jetty11HttpServer;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import dev.tidemark.simulator.mailbox.SimulatorException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.zip.GZIPOutputStream;
import wiremock.jakarta.servlet.DispatcherType;
import wiremock.jakarta.servlet.Filter;
import wiremock.org.eclipse.jetty.servlet.FilterHolder;
import wiremock.org.eclipse.jetty.servlet.ServletContextHandler;

/// HTTP server of the simulator. Only this class and [ServletDoor] use WireMock. It passes every request to a
/// front door and turns what comes back into a response.
final class WireMockHost implements AutoCloseable {
    /// Handles requests; called by many threads.
    interface FrontDoor {
        SimulatorResponse handle(SimulatorRequest request);
    }

    /// Number of threads. A callback before the Subscribe response occupies one until its end.
    private static final int THREADS = 64;

    private final WireMockServer server;

    WireMockHost(int port, FrontDoor frontDoor, ConnectionLife life) {
        server = new WireMockServer(wireMockConfig()
                .bindAddress("127.0.0.1")
                .port(port)
                .containerThreads(THREADS)
                .disableRequestJournal()
                // a compressor would delay streams
                .gzipDisabled(true)
                .httpServerFactory((options, admin, stubs) ->
                        new FilteredServer(options, admin, stubs, new ServletDoor(frontDoor, life)))
                .notifier(new Slf4jNotifier(false))
                .extensions(new Transformer(frontDoor, life)));
        server.stubFor(any(anyUrl()).willReturn(aResponse().withTransformers(Transformer.NAME)));
    }

    void start() {
        try {
            server.start();
        } catch (FatalStartupException e) {
            throw new SimulatorException("The simulated Exchange failed to open its port: " + e.getMessage(), e);
        }
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
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

    private static final class Transformer implements ResponseDefinitionTransformerV2 {
        static final String NAME = "simulated-exchange";

        private final FrontDoor frontDoor;
        private final ConnectionLife life;

        Transformer(FrontDoor frontDoor, ConnectionLife life) {
            this.frontDoor = frontDoor;
            this.life = life;
        }

        @Override
        public String getName() {
            return NAME;
        }

        @Override
        public boolean applyGlobally() {
            return false;
        }

        @Override
        public ResponseDefinition transform(ServeEvent event) {
            var request = event.getRequest();
            var answer = frontDoor.handle(new SimulatorRequest(
                    request.getMethod().value(),
                    request.getUrl(),
                    SimulatorRequest.headers(request::getHeader),
                    request.getBodyAsString()));
            var response = response(answer);
            return (answer instanceof SimulatorResponse.Reply reply
                                    && reply.headers().containsKey("Date")
                            ? response
                            : response.withHeader("Date", life.date()))
                    .build();
        }

        private static ResponseDefinitionBuilder response(SimulatorResponse answer) {
            return switch (answer) {
                case SimulatorResponse.Reply reply -> reply(reply);
                case SimulatorResponse.Unauthorized ignored ->
                    aResponse().withStatus(401).withHeader("WWW-Authenticate", "Basic realm=\"simulated.example\"");
                case SimulatorResponse.Streamed ignored ->
                    aResponse().withStatus(400).withBody("A request for a stream must have its SOAPAction.");
                case SimulatorResponse.Cut ignored -> aResponse().withFault(Fault.EMPTY_RESPONSE);
            };
        }

        private static ResponseDefinitionBuilder reply(SimulatorResponse.Reply reply) {
            var response = aResponse().withStatus(reply.status()).withHeader("Content-Type", reply.contentType());
            reply.headers().forEach(response::withHeader);
            var delivery = reply.delivery();
            var body = delivery.compressed() ? gzip(reply.body()) : reply.body().getBytes(StandardCharsets.UTF_8);
            if (delivery.compressed()) {
                response.withHeader("Content-Encoding", "gzip");
            }
            if (delivery.halved()) {
                // sent at once, so that no error page replaces a body that is shorter than declared
                response.withHeader("Content-Length", Integer.toString(body.length))
                        .withChunkedDribbleDelay(1, 1);
            }
            delivery.delay().ifPresent(delay -> response.withFixedDelay(Math.toIntExact(delay.toMillis())));
            return response.withBody(delivery.halved() ? Arrays.copyOf(body, body.length / 2) : body);
        }

        private static byte[] gzip(String text) {
            var bytes = new ByteArrayOutputStream();
            try (var out = new GZIPOutputStream(bytes)) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }
    }
}
