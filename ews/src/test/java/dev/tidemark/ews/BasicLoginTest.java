package dev.tidemark.ews;

import static dev.tidemark.ews.LoginStub.SUCCESS;
import static dev.tidemark.ews.LoginStub.error;
import static dev.tidemark.ews.message.EwsRequests.ADA;
import static dev.tidemark.ews.message.EwsRequests.SUBSCRIBE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.authservers.RequestGuard;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.message.EwsError.PermanentForConnection;
import dev.tidemark.ews.message.EwsResult;
import java.io.IOException;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests Basic against the JDK's authenticator, which challenges a request without credentials.
@Timeout(180)
class BasicLoginTest {
    private static final String PASSWORD = "pä:ss wörd";

    private LoginStub server;

    @BeforeEach
    void start() throws IOException {
        server = LoginStub.plain(RequestGuard.basic("EXAMPLE\\svc", PASSWORD));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void the_account_shows_itself_without_being_asked() {
        assertThat(server.send(new Auth.Basic("EXAMPLE\\svc", PASSWORD))).isEqualTo(SUCCESS);
        assertThat(server.seen()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"EXAMPLE\\svc, wrong", "EXAMPLE\\svc, pä:ss wörD", "other, pä:ss wörd"})
    void a_wrong_password_or_user_is_refused_and_not_shown_again(String user, String password) {
        try (var client = HttpEwsClient.connect(server.config(new Auth.Basic(user, password)), Clock.systemUTC())) {
            var error = error(client.send(ADA, SUBSCRIBE));
            assertThat(error).isInstanceOf(PermanentForConnection.class);
            assertThat(error.text()).contains("correct the connection's auth").doesNotContain(password);
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(new EwsResult.Refused<>(error));
        }
        assertThat(server.seen()).hasSize(1);
    }

    /// jamesiarmes/php-ews #486: Exchange reads such a password in another charset.
    @ParameterizedTest
    @CsvSource({"svc, pässw0rt, true", "bjørn, s3cret, true", "svc, s3cret, false"})
    void a_password_beyond_ascii_that_is_refused_is_told_with_another_way(String user, String password, boolean other) {
        var text = BasicLogin.of(new Auth.Basic(user, password)).refusalError().text();
        assertThat(text).contains("correct the connection's auth").doesNotContain(password);
        assertThat(text.contains("type: ntlm")).isEqualTo(other);
    }

    @Test
    void who_shows_nothing_is_told_that_a_login_is_wanted() {
        assertThat(error(server.send(new Auth.None())).text()).contains("set type in the connection's auth");
    }
}
