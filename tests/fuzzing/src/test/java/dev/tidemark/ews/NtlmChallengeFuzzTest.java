package dev.tidemark.ews;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;

/// Fuzzes the challenge of a server that wants an NTLM login.
final class NtlmChallengeFuzzTest {
    private static final NtlmLogin LOGIN = new NtlmLogin(
            new Auth.Ntlm("CORP\\svc", "secret", true),
            "mail.example.com",
            Clock.fixed(Instant.parse("2026-11-01T00:00:00Z"), ZoneOffset.UTC));

    @FuzzTest
    void a_challenge_is_answered_or_refused_in_a_sentence(byte[] challenge) {
        var handshake = LOGIN.startHandshake(Optional.empty());
        try {
            assertThat(handshake.nextToken(Base64.getEncoder().encodeToString(challenge)))
                    .isPresent();
        } catch (LoginFailedException refused) {
            assertThat(refused.getMessage()).isNotBlank().doesNotContain("secret");
        }
    }
}
