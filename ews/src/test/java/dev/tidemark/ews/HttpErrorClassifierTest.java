package dev.tidemark.ews;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.EwsError.PermanentForConnection;
import dev.tidemark.ews.message.EwsError.PermanentForMailbox;
import dev.tidemark.ews.message.EwsError.RetryAfter;
import dev.tidemark.http.RequestedDelay;
import dev.tidemark.values.ResponseCode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpErrorClassifierTest {
    @ParameterizedTest
    @ValueSource(ints = {204, 302, 303, 307, 408, 429, 500, 502, 503, 504})
    void what_may_pass_is_tried_again(int status) {
        assertThat(HttpErrorClassifier.forStatus(reply(status, null, null)))
                .isEqualTo(new RetryAfter(
                        new ResponseCode("Http" + status),
                        HttpErrorClassifier.forStatus(reply(status, null, null)).text(),
                        Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 308, 400, 401, 403, 404, 405, 410, 415, 440, 501})
    void what_a_person_must_mend_is_permanent(int status) {
        var error = HttpErrorClassifier.forStatus(reply(status, null, null));

        assertThat(error).isInstanceOf(PermanentForConnection.class);
        assertThat(error.code().value()).isEqualTo("Http" + status);
    }

    @Test
    void a_front_end_that_finds_no_mailbox_server_condemns_the_mailbox_only() {
        var reply = new HttpReply(404, Map.of("X-CasErrorCode", "UserNotFound<script>"), new byte[0]);

        assertThat(HttpErrorClassifier.forStatus(reply))
                .isEqualTo(new PermanentForMailbox(
                        new ResponseCode("HttpCasError"),
                        "The front end cannot reach the mailbox: UserNotFoundscript."));
    }

    @Test
    void retry_after_is_read_in_seconds_and_as_a_date_on_the_servers_clock() {
        assertThat(HttpErrorClassifier.backOff(reply(503, "120", null))).contains(Duration.ofMinutes(2));
        assertThat(HttpErrorClassifier.backOff(
                        reply(503, "Sun, 01 Mar 2026 10:01:00 GMT", "Sun, 01 Mar 2026 10:00:00 GMT")))
                .contains(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "0", "١٢٠", "1.5.0", "1e3", "Sun, 01 Mar 2026 10:01:00 GMT"})
    void a_retry_after_that_says_nothing_is_left_to_the_caller(String text) {
        assertThat(HttpErrorClassifier.backOff(reply(503, text, null))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "31622401",
                "9223372036854775807",
                "9223372036854775808",
                "99999999999999999999",
                "Fri, 31 Dec 9999 23:59:59 GMT"
            })
    void a_retry_after_beyond_every_limit_is_capped_and_overflows_nothing(String text) {
        var reply = reply(503, text, "Sun, 01 Mar 2026 10:00:00 GMT");
        assertThat(HttpErrorClassifier.backOff(reply)).contains(RequestedDelay.MAX);
        assertThat(HttpErrorClassifier.forStatus(reply))
                .isInstanceOfSatisfying(
                        RetryAfter.class, error -> assertThat(error.backOff()).contains(RequestedDelay.MAX));
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new UnknownHostException(), "ConnectionUnknownHost"),
                Arguments.of(new ConnectException(), "ConnectionRefused"),
                Arguments.of(new SocketTimeoutException(), "ConnectionTimeout"),
                Arguments.of(new InterruptedIOException(), "ConnectionInterrupted"),
                Arguments.of(new SocketException("reset"), "ConnectionBroken"),
                Arguments.of(new SSLException("odd"), "ConnectionTls"),
                Arguments.of(new IOException(), "ConnectionBroken"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_network_that_fails_is_tried_again(IOException failure, String code) {
        var error = HttpErrorClassifier.forFailure(failure);

        assertThat(error).isInstanceOf(RetryAfter.class);
        assertThat(error.code().value()).isEqualTo(code);
    }

    @Test
    void an_untrusted_certificate_is_permanent() {
        var expired = new SSLHandshakeException("certificate");
        expired.initCause(new CertificateExpiredException());

        assertThat(HttpErrorClassifier.forFailure(expired)).isInstanceOf(PermanentForConnection.class);
        assertThat(HttpErrorClassifier.forFailure(new SSLPeerUnverifiedException("name")))
                .isInstanceOf(PermanentForConnection.class);
    }

    private static HttpReply reply(int status, String retryAfter, String date) {
        var headers = new HashMap<String, String>();
        Optional.ofNullable(retryAfter).ifPresent(value -> headers.put("Retry-After", value));
        Optional.ofNullable(date).ifPresent(value -> headers.put("Date", value));
        return new HttpReply(status, headers, new byte[0]);
    }
}
