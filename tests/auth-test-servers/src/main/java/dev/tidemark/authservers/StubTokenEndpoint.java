package dev.tidemark.authservers;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwx.HeaderParameterNames;
import org.jose4j.keys.X509Util;

/// Authority that issues tokens to `client-1`. It accepts the secret `s3cret` or an assertion, which jose4j
/// verifies against `certificate`. It answers as Entra does.
public final class StubTokenEndpoint implements AutoCloseable {
    public static final String CLIENT = "client-1";
    public static final String SECRET = "s3cr&t=";
    public static final String SCOPE = "https://mail.example.com/.default";

    public final List<Map<String, String>> forms = new CopyOnWriteArrayList<>();
    /// Issued tokens that are still valid.
    public final List<String> tokens = new CopyOnWriteArrayList<>();
    public volatile Optional<X509Certificate> certificate = Optional.empty();
    public volatile Clock clock;
    public volatile long lifetime = 3600;
    /// Complete response in place of the usual one.
    public volatile Optional<Answer> scriptedAnswer = Optional.empty();
    public volatile CountDownLatch gate = new CountDownLatch(0);

    public record Answer(int status, String retryAfter, String body) {}

    private final GuardedServer server;
    private final String scheme;

    public StubTokenEndpoint(Clock clock) throws IOException {
        this.clock = clock;
        scheme = "http";
        server = GuardedServer.plain(exchange -> true, this::respond);
    }

    /// Starts the authority with TLS.
    public StubTokenEndpoint(Clock clock, SSLContext identity) throws IOException {
        this.clock = clock;
        scheme = "https";
        server = GuardedServer.secure(identity, exchange -> true, this::respond);
    }

    public URI url() {
        return URI.create(scheme + "://localhost:" + server.port() + "/tenant/oauth2/v2.0/token");
    }

    private void respond(HttpExchange exchange, byte[] body) throws IOException {
        var form = form(exchange, body);
        forms.add(form);
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var answer = scriptedAnswer.orElseGet(() -> {
            var wrong = check(form);
            return wrong.isEmpty() ? granted() : refusal(wrong);
        });
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        if (!answer.retryAfter().isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
        }
        GuardedServer.respond(exchange, answer.status(), answer.body());
    }

    private Answer granted() {
        var token = "token." + (tokens.size() + 1) + "-_~+/=";
        tokens.add(token);
        return new Answer(
                200,
                "",
                "{\"token_type\":\"Bearer\",\"expires_in\":" + lifetime + ",\"ext_expires_in\":3599,\"access_token\":\""
                        + token + "\"}");
    }

    private static Answer refusal(String why) {
        return new Answer(
                401,
                "",
                "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: " + why
                        + "\\r\\nTrace ID: 0c1d\",\"error_codes\":[7000215]}");
    }

    private String check(Map<String, String> form) {
        if (!"client_credentials".equals(form.get("grant_type"))
                || !SCOPE.equals(form.get("scope"))
                || !CLIENT.equals(form.get("client_id"))) {
            return "wrong form";
        }
        return certificate
                .map(known -> check(form, known))
                .orElseGet(() -> SECRET.equals(form.get("client_secret")) ? "" : "wrong secret");
    }

    private String check(Map<String, String> form, X509Certificate known) {
        if (!"urn:ietf:params:oauth:client-assertion-type:jwt-bearer".equals(form.get("client_assertion_type"))) {
            return "no assertion";
        }
        try {
            var assertion = new JwtConsumerBuilder()
                    .setVerificationKey(known.getPublicKey())
                    .setJwsAlgorithmConstraints(
                            AlgorithmConstraints.ConstraintType.PERMIT, AlgorithmIdentifiers.RSA_USING_SHA256)
                    .setExpectedAudience(url().toString())
                    .setExpectedIssuer(CLIENT)
                    .setExpectedSubject(CLIENT)
                    .setRequireJwtId()
                    .setRequireExpirationTime()
                    .setRequireNotBefore()
                    .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                    .setMaxFutureValidityInMinutes(10)
                    .build()
                    .process(form.getOrDefault("client_assertion", ""));
            var header = assertion.getJoseObjects().getFirst().getHeaders();
            return header.getStringHeaderValue("x5t#S256").equals(X509Util.x5tS256(known))
                            && header.getStringHeaderValue("x5t").equals(X509Util.x5t(known))
                            && "JWT".equals(header.getStringHeaderValue(HeaderParameterNames.TYPE))
                    ? ""
                    : "unknown certificate";
        } catch (InvalidJwtException e) {
            return e.hasExpired() ? "assertion expired" : "assertion wrong";
        }
    }

    private static Map<String, String> form(HttpExchange exchange, byte[] body) {
        var text = new String(body, StandardCharsets.UTF_8);
        var form = new HashMap<String, String>();
        for (var field : text.split("&", -1)) {
            var parts = field.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        form.put(":content-type", exchange.getRequestHeaders().getFirst("Content-Type"));
        return form;
    }

    @Override
    public void close() {
        server.close();
    }
}
