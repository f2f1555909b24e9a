package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.http.RequestedDelay;
import dev.tidemark.values.ResponseCode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Maps a request without an EWS response to the next step of the caller. Errors of the address, the
/// credentials or the certificate are permanent until an operator corrects them; all others are temporary.
/// Called by the threads that send requests; has no state.
final class HttpErrorClassifier {
    /// CASMailbox settings, of one mailbox or of the organization (Microsoft Learn, "Control access to EWS in
    /// Exchange").
    private static final String FORBIDDEN =
            "The server forbids EWS; allow it with Set-CASMailbox -EwsEnabled $true, see"
                    + " that EwsApplicationAccessPolicy with EwsAllowList or EwsBlockList admits the User-Agent Tidemark/*, of this"
                    + " mailbox (Get-CASMailbox) and of the organization (Get-OrganizationConfig), and that the connection's"
                    + " account may use EWS.";

    private HttpErrorClassifier() {}

    static EwsError forStatus(HttpReply reply) {
        var code = new ResponseCode("Http" + reply.status());
        return switch (reply.status()) {
            // a front end that sends X-CasErrorCode uses none of these
            case 408, 421, 425, 429, 503 -> retry(code, "The server is busy.", reply);
            case 401, 440 -> forConnection(code, "The server refuses the credentials; correct the connection's auth.");
            case 407 -> forRefusingProxy(407);
            case 403 -> forConnection(code, FORBIDDEN);
            default -> reply.casError().isPresent() ? casError(reply) : toOther(code, reply);
        };
    }

    /// Returns the error of a proxy that opened no tunnel to the server.
    static EwsError forRefusingProxy(int status) {
        return switch (status) {
            case 407 ->
                forConnection(
                        new ResponseCode("ConnectionProxyLogin"),
                        "The proxy refuses the credentials; correct the user and password in the connection's proxy.");
            case 403, 405 ->
                forConnection(
                        new ResponseCode("ConnectionProxyForbids"),
                        "The proxy forbids connections to the server; allow them there, or remove the"
                                + " connection's proxy.");
            default -> broken("ConnectionProxy", "The proxy cannot reach the server.");
        };
    }

    /// Returns the error of a response that is no EWS message: a system in front of Exchange sent it.
    static EwsError forUnreadable(String why) {
        return broken("HttpUnreadable", "The response cannot be read: " + why);
    }

    /// Returns the error of a damaged EWS response: one part of it may be the cause.
    static EwsError forDamaged() {
        return broken("HttpDamagedMessage", "The response cannot be read: its XML is damaged.");
    }

    static EwsError tooLarge() {
        return broken("HttpTooLarge", "The response cannot be read: it is too large.");
    }

    static EwsError forFailure(IOException failure) {
        return switch (failure) {
            case UnknownHostException ignored -> broken("ConnectionUnknownHost", "The host name cannot be resolved.");
            case SocketTimeoutException ignored -> timedOut();
            case InterruptedIOException ignored -> interrupted();
            case ConnectException ignored -> broken("ConnectionRefused", "The server accepts no connection.");
            case SSLException tls
            when isDistrusted(tls) ->
                forConnection(
                        new ResponseCode("ConnectionUntrusted"),
                        "The server's certificate is not trusted for this address; correct the trust store or the url.");
            case SSLException tls
            when isRefused(tls) ->
                forConnection(
                        new ResponseCode("ConnectionCertificateRefused"),
                        "The server refuses the client certificate or misses one; correct the connection's tls.");
            case SSLException ignored -> broken("ConnectionTls", "TLS with the server failed.");
            default -> cutOff();
        };
    }

    static EwsError interrupted() {
        return broken("ConnectionInterrupted", "The request was interrupted.");
    }

    static EwsError cutOff() {
        return broken("ConnectionBroken", "The connection broke before the response was complete.");
    }

    /// Returns the error of a request without a response, which the caller makes again at once.
    static EwsError stale() {
        return broken("ConnectionStale", "The server closed the kept connection before it responded.");
    }

    static EwsError timedOut() {
        return broken("ConnectionTimeout", "The server did not respond in time.");
    }

    static EwsError closed() {
        return broken("ConnectionClosed", "The client is closed.");
    }

    /// Returns the error of a mailbox that is impersonated by its SID, which the configuration lacks.
    static EwsError unknownSid() {
        return new EwsError.PermanentForMailbox(
                new ResponseCode("UnknownSid"),
                "The connection impersonates by sid, and the SID of this mailbox is unknown; list the mailbox in a"
                        + " mailboxes-file with a column SID, or change the connection's impersonate-by.");
    }

    /// Returns the error of a full connection pool: fewer concurrent requests are the remedy.
    static EwsError poolExhausted() {
        return new EwsError.RetryNarrower(
                new ResponseCode("ConnectionCrowded"), "No connection to the server became free in time.");
    }

    private static EwsError broken(String code, String text) {
        return new EwsError.RetryAfter(new ResponseCode(code), text, Optional.empty());
    }

    /// Returns the wait of Retry-After. A date is compared with the server's own clock; without that, the date is
    /// ignored.
    static Optional<Duration> backOff(HttpReply reply) {
        var now = date(reply).orElse(Instant.MAX);
        return reply.retryAfter()
                .flatMap(text -> RequestedDelay.ofRetryAfter(text, now))
                .map(RequestedDelay::length)
                .filter(Duration::isPositive);
    }

    /// Returns the time of the response, by the server's clock.
    static Optional<Instant> date(HttpReply reply) {
        return reply.date().flatMap(RequestedDelay::date);
    }

    private static EwsError toOther(ResponseCode code, HttpReply reply) {
        var status = reply.status();
        if (status == 301 || status == 308) {
            return forConnection(code, "The service has moved permanently; correct the connection's url.");
        }
        // a temporary redirect leads to Exchange's error page
        if (status < 400 || (status >= 500 && status != 501 && status != 505)) {
            return retry(code, "The server failed without an EWS response.", reply);
        }
        return forConnection(
                code,
                "There is no EWS at this address; correct the connection's url, or, if other mailboxes work, repair EWS"
                        + " on the server of this one.");
    }

    private static EwsError casError(HttpReply reply) {
        return new EwsError.PermanentForMailbox(
                new ResponseCode("HttpCasError"),
                "The front end cannot reach the mailbox: "
                        + reply.casError().orElse("").replaceAll("[^\\w ,.:;-]", "") + ".");
    }

    private static EwsError retry(ResponseCode code, String text, HttpReply reply) {
        return new EwsError.RetryAfter(code, text, backOff(reply));
    }

    private static EwsError forConnection(ResponseCode code, String text) {
        return new EwsError.PermanentForConnection(code, text);
    }

    private static boolean isDistrusted(SSLException failure) {
        return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(10)
                .anyMatch(cause -> cause instanceof SSLPeerUnverifiedException
                        || cause instanceof CertificateException
                        || cause instanceof CertPathBuilderException);
    }

    /// Returns whether the server refused the client certificate (RFC 8446, section 6.2). The JVM distinguishes
    /// these alerts by text only.
    private static boolean isRefused(SSLException failure) {
        var text = failure.getMessage();
        return text != null
                && text.contains("fatal alert")
                && Stream.of("bad_certificate", "certificate_required", "certificate_unknown", "unknown_ca")
                        .anyMatch(text::contains);
    }
}
