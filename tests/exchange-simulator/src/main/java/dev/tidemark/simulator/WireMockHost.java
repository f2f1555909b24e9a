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
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import wiremock.jakarta.servlet.DispatcherType;
import wiremock.jakarta.servlet.Filter;
import wiremock.jakarta.servlet.FilterChain;
import wiremock.jakarta.servlet.ServletException;
import wiremock.jakarta.servlet.ServletRequest;
import wiremock.jakarta.servlet.ServletResponse;
import wiremock.jakarta.servlet.http.HttpServletRequest;
import wiremock.jakarta.servlet.http.HttpServletResponse;
import wiremock.org.eclipse.jetty.servlet.FilterHolder;
import wiremock.org.eclipse.jetty.servlet.ServletContextHandler;

/// The HTTP server: the one place of this module that knows WireMock. It hands every request to a front door
/// and turns what comes back into a response.
final class WireMockHost implements AutoCloseable {
    /// Answers requests; called by many threads at once.
    interface FrontDoor {
        HttpAnswer answer(HttpRequest request);
    }

    /// A call-back that comes before the Subscribe response occupies a thread for its whole length.
    private static final int THREADS = 64;

    private final WireMockServer server;

    WireMockHost(int port, FrontDoor frontDoor) {
        server = new WireMockServer(wireMockConfig()
                .bindAddress("127.0.0.1")
                .port(port)
                .containerThreads(THREADS)
                .disableRequestJournal()
                // a compressor would hold streams back
                .gzipDisabled(true)
                .httpServerFactory((options, admin, stubs) -> new StreamingServer(options, admin, stubs, frontDoor))
                .notifier(new Slf4jNotifier(false))
                .extensions(new Transformer(frontDoor)));
        server.stubFor(any(anyUrl()).willReturn(aResponse().withTransformers(Transformer.NAME)));
    }

    void start() {
        try {
            server.start();
        } catch (FatalStartupException e) {
            throw new SimulatorException("The simulated Exchange cannot take its port: " + e.getMessage(), e);
        }
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }

    /// WireMock makes a response whole before it sends it. What asks for a stream is therefore answered
    /// before WireMock sees it; its SOAPAction tells.
    private static final class StreamingServer extends Jetty11HttpServer {
        private final FrontDoor frontDoor;

        StreamingServer(Options options, AdminRequestHandler admin, StubRequestHandler stubs, FrontDoor frontDoor) {
            super(options, admin, stubs);
            this.frontDoor = frontDoor;
        }

        @Override
        protected void decorateMockServiceContextBeforeConfig(ServletContextHandler context) {
            super.decorateMockServiceContextBeforeConfig(context);
            // the server is made by its super constructor, before there is a front door
            Filter filter = this::filter;
            context.addFilter(new FilterHolder(filter), "/*", EnumSet.of(DispatcherType.REQUEST));
        }

        private void filter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (request instanceof HttpServletRequest http
                    && response instanceof HttpServletResponse reply
                    && String.valueOf(http.getHeader("SOAPAction")).contains("GetStreamingEvents")) {
                answer(http, reply);
            } else {
                chain.doFilter(request, response);
            }
        }

        private void answer(HttpServletRequest http, HttpServletResponse reply) throws IOException {
            var answer = frontDoor.answer(new HttpRequest(
                    http.getMethod(),
                    http.getRequestURI(),
                    HttpRequest.headers(http::getHeader),
                    new String(http.getInputStream().readAllBytes(), StandardCharsets.UTF_8)));
            switch (answer) {
                case HttpAnswer.Streamed streamed -> stream(streamed.flow(), reply);
                case HttpAnswer.Reply plain -> {
                    reply.setStatus(plain.status());
                    reply.setContentType(plain.contentType());
                    plain.headers().forEach(reply::setHeader);
                    reply.getOutputStream().write(plain.body().getBytes(StandardCharsets.UTF_8));
                }
                case HttpAnswer.Unauthorized ignored -> {
                    reply.setHeader("WWW-Authenticate", "Basic realm=\"simulated.example\"");
                    reply.setStatus(401);
                }
                case HttpAnswer.Cut ignored -> throw new EOFException("The connection is cut on purpose.");
            }
        }

        private static void stream(EventFlow flow, HttpServletResponse reply) throws IOException {
            reply.setStatus(200);
            reply.setContentType("text/xml; charset=utf-8");
            for (var envelope = flow.next(); envelope.isPresent(); envelope = flow.next()) {
                reply.getOutputStream().write(envelope.get().getBytes(StandardCharsets.UTF_8));
                reply.flushBuffer();
            }
        }
    }

    private static final class Transformer implements ResponseDefinitionTransformerV2 {
        static final String NAME = "simulated-exchange";

        private final FrontDoor frontDoor;

        Transformer(FrontDoor frontDoor) {
            this.frontDoor = frontDoor;
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
            var answer = frontDoor.answer(new HttpRequest(
                    request.getMethod().value(),
                    request.getUrl(),
                    HttpRequest.headers(request::getHeader),
                    request.getBodyAsString()));
            return response(answer).build();
        }

        private static ResponseDefinitionBuilder response(HttpAnswer answer) {
            return switch (answer) {
                case HttpAnswer.Reply reply -> {
                    var response = aResponse()
                            .withStatus(reply.status())
                            .withHeader("Content-Type", reply.contentType())
                            .withBody(reply.body());
                    reply.headers().forEach(response::withHeader);
                    yield response;
                }
                case HttpAnswer.Unauthorized ignored ->
                    aResponse().withStatus(401).withHeader("WWW-Authenticate", "Basic realm=\"simulated.example\"");
                case HttpAnswer.Streamed ignored ->
                    aResponse().withStatus(400).withBody("Streams are asked for with their SOAPAction.");
                case HttpAnswer.Cut ignored -> aResponse().withFault(Fault.EMPTY_RESPONSE);
            };
        }
    }
}
