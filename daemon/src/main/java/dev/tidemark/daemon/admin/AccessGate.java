package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.RouteContract.Audience;
import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.daemon.admin.access.AccessToken;
import dev.tidemark.daemon.admin.access.AccessToken.Role;
import dev.tidemark.daemon.admin.access.LoginThrottle;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Admits requests by their token. Called by [AdminRouter] on the thread of each request. Thread-safe.
public final class AccessGate {
    private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S+) *");
    private static final String CHALLENGE = "Bearer realm=\"tidemark\"";

    private final boolean onLoopback;
    private final boolean isOpen;
    private final LoginThrottle throttle;
    private volatile List<AccessToken> tokens;

    private AccessGate(boolean onLoopback, boolean isOpen, List<AccessToken> tokens, LoginThrottle throttle) {
        this.onLoopback = onLoopback;
        this.isOpen = isOpen;
        this.tokens = List.copyOf(tokens);
        this.throttle = throttle;
    }

    /// Creates a gate that admits these tokens.
    ///
    /// @param onLoopback true if only programs of this machine reach the API
    public static AccessGate of(boolean onLoopback, List<AccessToken> tokens, LoginThrottle throttle) {
        return new AccessGate(onLoopback, false, tokens, throttle);
    }

    /// Creates a gate whose failures are not counted; for tests of other parts.
    static AccessGate of(boolean onLoopback, List<AccessToken> tokens) {
        return of(onLoopback, tokens, unmetered());
    }

    private static LoginThrottle unmetered() {
        return new LoginThrottle(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), LoginThrottle.LoginMeter.NONE);
    }

    /// Admits every request; for tests of single routes.
    static AccessGate open() {
        return new AccessGate(true, true, List.of(), unmetered());
    }

    /// Replaces the tokens; requests that follow need one of these.
    public void replace(List<AccessToken> others) {
        tokens = List.copyOf(others);
    }

    /// Result of [#admit].
    sealed interface Admission {
        /// Permission to call the route.
        ///
        /// @param name name of the token; empty if the route needs none
        record Admitted(String name, AccessScope scope) implements Admission {}

        /// Refusal with its response.
        ///
        /// @param name name of the token; empty if there is no valid one
        record Refused(String name, AdminReply reply) implements Admission {
            boolean isInvalid() {
                return reply.status() == 401;
            }
        }
    }

    /// Admits a new request. A valid token is never delayed, because clients behind one proxy share an address.
    /// A wrong token of an address that has sent too many gets 429 and is not recorded.
    Admission admit(RouteContract contract, AdminRequest request) {
        var admission = readmit(contract, request);
        if (!(admission instanceof Admission.Refused refused)
                || !refused.isInvalid()
                || request.header("authorization").flatMap(AccessGate::bearer).isEmpty()) {
            return admission;
        }
        var delay = throttle.delay(request.remote());
        if (delay.isPresent()) {
            return tooManyFailures(delay.get());
        }
        throttle.recordFailure(request.remote());
        return admission;
    }

    private static Admission tooManyFailures(Duration delay) {
        var seconds = Long.toString(delay.plusMillis(999).toSeconds());
        return new Admission.Refused(
                "",
                AdminReply.problem(
                                429,
                                "too-many-failures",
                                "this address has sent too many wrong tokens; retry in " + seconds
                                        + " s with a current one")
                        .with("Retry-After", seconds));
    }

    /// Admits a request that was admitted before, as long as its token is valid.
    Admission readmit(RouteContract contract, AdminRequest request) {
        var role = contract.role();
        if (role.isEmpty() || isOpen || (contract.audience() == Audience.MONITORING && isLocal(request))) {
            return new Admission.Admitted("", AccessScope.ALL);
        }
        var presented = request.header("authorization").flatMap(AccessGate::bearer);
        if (presented.isEmpty()) {
            return unauthorized(CHALLENGE, "this request needs a token; send the header 'Authorization: Bearer TOKEN'");
        }
        return AccessToken.find(tokens, presented.get())
                .map(token -> admit(contract, role.get(), token))
                .orElseGet(() -> unauthorized(
                        CHALLENGE + ", error=\"invalid_token\"", "this token is not valid; send a current one"));
    }

    private static Admission admit(RouteContract contract, Role needed, AccessToken token) {
        if (!token.role().includes(needed)) {
            return forbidden(
                    token,
                    "token '" + token.name() + "' has the role " + token.role().label() + ", but this request"
                            + " needs " + needed.label() + "; use a token with that role");
        }
        if (token.scope().isLimited() && !contract.isLimitable()) {
            return forbidden(
                    token,
                    "token '" + token.name() + "' is limited to the groups "
                            + String.join(
                                    ", ",
                                    token.scope().groups().stream().sorted().toList())
                            + ", but this request concerns all groups; use a token without groups");
        }
        return new Admission.Admitted(token.name(), token.scope());
    }

    private static Admission unauthorized(String challenge, String detail) {
        return new Admission.Refused(
                "", AdminReply.problem(401, "unauthorized", detail).with("WWW-Authenticate", challenge));
    }

    private static Admission forbidden(AccessToken token, String detail) {
        return new Admission.Refused(token.name(), AdminReply.problem(403, "forbidden", detail));
    }

    private static Optional<String> bearer(String header) {
        var matcher = BEARER.matcher(header);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /// Returns true if a program of this machine sent the request, not a proxy for a distant client.
    private boolean isLocal(AdminRequest request) {
        return onLoopback && CrossOriginFilter.isLoopback(request) && !request.isForwarded();
    }
}
