package dev.tidemark.ews;

import dev.tidemark.ews.config.AssertionSigningKey;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.config.ConnectionConfig.ClientProof;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.http.RequestedDelay;
import dev.tidemark.values.ResponseCode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Requests a token by the client credentials grant (RFC 6749, section 4.4; RFC 7523 with a certificate).
/// Describes each failure in one sentence. Called by [OAuthLogin], by one thread at a time.
final class TokenEndpointClient implements OAuthLogin.Source {
    /// Remedies of the errors that the client's configuration causes (RFC 6749, section 5.2).
    private static final Map<String, String> REMEDIES = Map.of(
            "invalid_client", "correct client-id and client-secret or certificate",
            "unauthorized_client", "correct client-id and tenant, or allow the client this grant",
            "invalid_scope", "correct scope",
            "invalid_resource", "correct scope",
            "invalid_request", "correct tenant, scope and token-url",
            "invalid_grant", "correct client-id and tenant",
            "access_denied", "allow the client to log in",
            "unsupported_grant_type", "correct token-url");

    private static final ResponseCode CODE = new ResponseCode("ConnectionToken");
    private static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(5);
    private static final int MAX_TEXT = 300;

    /// Sends a form.
    interface FormSender {
        HttpReply send(byte[] form) throws IOException;
    }

    private final Auth.OAuth2 auth;
    private final String scope;
    private final FormSender sender;
    private final Supplier<Map<String, String>> proof;

    TokenEndpointClient(Auth.OAuth2 auth, String scope, FormSender sender, Clock clock) {
        this.auth = auth;
        this.scope = scope;
        this.sender = sender;
        this.proof = proof(auth, clock);
    }

    @Override
    public OAuthLogin.Token fetch() throws LoginFailedException {
        try {
            var reply = sender.send(form());
            var fields = ClientAssertionSigner.object(reply.body());
            return reply.status() == 200 ? token(fields) : refuse(reply, fields);
        } catch (LoginFailedException classified) {
            throw classified;
        } catch (IOException e) {
            throw new LoginFailedException(atEndpoint(HttpTransport.failure(e)), e);
        }
    }

    private byte[] form() {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "client_credentials");
        form.put("client_id", auth.clientId());
        form.put("scope", scope);
        form.putAll(proof.get());
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Supplier<Map<String, String>> proof(Auth.OAuth2 auth, Clock clock) {
        return switch (auth.proof()) {
            case ClientProof.Secret secret -> () -> Map.of("client_secret", secret.value());
            case ClientProof.Certificate certificate -> {
                var key = AssertionSigningKey.read(certificate);
                yield () -> Map.of(
                        "client_assertion_type",
                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                        "client_assertion",
                        ClientAssertionSigner.assertion(key, auth.clientId(), auth.tokenUrl(), clock.instant()));
            }
        };
    }

    private static OAuthLogin.Token token(Map<String, Object> fields) throws LoginFailedException {
        var value = text(fields, "access_token").filter(TokenEndpointClient::isToken);
        var bearer = text(fields, "token_type").filter("Bearer"::equalsIgnoreCase);
        if (value.isEmpty() || bearer.isEmpty()) {
            throw failed(
                    "The token endpoint sent no bearer token; correct token-url if this persists.", Optional.empty());
        }
        return new OAuthLogin.Token(
                value.get(),
                text(fields, "expires_in").flatMap(TokenEndpointClient::seconds).orElse(DEFAULT_LIFETIME));
    }

    private OAuthLogin.Token refuse(HttpReply reply, Map<String, Object> fields) throws LoginFailedException {
        var error = text(fields, "error").orElse("");
        var remedy = REMEDIES.get(error);
        if (remedy != null) {
            throw new LoginFailedException(new EwsError.PermanentForConnection(
                    CODE,
                    "The token endpoint refuses client " + auth.clientId() + " (" + error + reason(fields) + "); "
                            + remedy + " in the connection's auth."));
        }
        var status = reply.status();
        if (status >= 500 || status == 429 || status == 408 || status == 503) {
            throw failed(
                    "The token endpoint is busy or broken (HTTP " + status + reason(fields) + ").",
                    HttpErrorClassifier.backOff(reply));
        }
        if (status >= 300 && error.isEmpty()) {
            throw new LoginFailedException(new EwsError.PermanentForConnection(
                    CODE,
                    "There is no token endpoint at " + auth.tokenUrl() + " (HTTP " + status
                            + "); correct tenant or token-url in the connection's auth."));
        }
        throw failed("The token endpoint issues no token (" + clean(error) + reason(fields) + ").", Optional.empty());
    }

    /// Marks an error of the token endpoint, which must be distinct from one of Exchange.
    private static EwsError atEndpoint(EwsError error) {
        var text = "On the way to the token endpoint: " + error.text();
        return switch (error) {
            case EwsError.RetryAfter retry -> new EwsError.RetryAfter(retry.code(), text, retry.backOff());
            case EwsError.PermanentForConnection person -> new EwsError.PermanentForConnection(person.code(), text);
            default -> error;
        };
    }

    private static LoginFailedException failed(String text, Optional<Duration> backOff) {
        return new LoginFailedException(new EwsError.RetryAfter(CODE, text, backOff));
    }

    /// Returns the first line of the authority's explanation.
    private static String reason(Map<String, Object> fields) {
        return text(fields, "error_description")
                .map(text -> ": " + clean(text.lines().findFirst().orElse("")))
                .orElse("");
    }

    private static String clean(String text) {
        var plain = text.replaceAll("[^\\p{L}\\p{N} .,:;_'/()-]", "").strip();
        return plain.substring(0, Math.min(MAX_TEXT, plain.length()));
    }

    private static Optional<String> text(Map<String, Object> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(String::valueOf);
    }

    private static Optional<Duration> seconds(String text) {
        return RequestedDelay.ofSeconds(text).map(RequestedDelay::length).filter(Duration::isPositive);
    }

    /// Returns whether the text is a bearer token (RFC 6750, section 2.1).
    private static boolean isToken(String text) {
        return text.matches("[A-Za-z0-9._~+/-]+=*");
    }
}
