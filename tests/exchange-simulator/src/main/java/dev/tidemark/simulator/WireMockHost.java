package dev.tidemark.simulator;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.common.FatalStartupException;
import com.github.tomakehurst.wiremock.common.Slf4jNotifier;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.util.Optional;

/// The HTTP server: the one place of this module that knows WireMock. It hands every request to a front door
/// and turns what comes back into a response.
final class WireMockHost implements AutoCloseable {
    /// Answers requests; called by many threads at once.
    interface FrontDoor {
        HttpAnswer answer(Request request);
    }

    /// A request as the front door sees it. `target` is the path with the query.
    record Request(String method, String target, Optional<String> authorization, String body) {}

    /// A call-back that comes before the Subscribe response occupies a thread for its whole length.
    private static final int THREADS = 64;

    private final WireMockServer server;

    WireMockHost(int port, FrontDoor frontDoor) {
        server = new WireMockServer(wireMockConfig()
                .bindAddress("127.0.0.1")
                .port(port)
                .containerThreads(THREADS)
                .disableRequestJournal()
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
            var answer = frontDoor.answer(new Request(
                    request.getMethod().value(),
                    request.getUrl(),
                    Optional.ofNullable(request.getHeader("Authorization")),
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
                case HttpAnswer.Cut ignored -> aResponse().withFault(Fault.EMPTY_RESPONSE);
            };
        }
    }
}
