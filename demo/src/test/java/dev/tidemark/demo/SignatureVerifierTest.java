package dev.tidemark.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureVerifierTest {
    // computed with openssl dgst -sha256 -mac HMAC, over "evt_1.1772352000.{}"
    private static final String SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String SIGNATURE = "v1,VCZkGS3lMkj4fGEtqVrIy6trlixh5Y/iLUHwJ6i8pHI=";
    private static final String SENT = "1772352000";

    private final SignatureVerifier check = at(Instant.ofEpochSecond(1_772_352_000L));

    @Test
    void accepts_a_delivery_with_a_known_signature() {
        assertThat(check.fault("evt_1", SENT, SIGNATURE, body("{}"))).isEmpty();
    }

    @Test
    void accepts_it_among_signatures_by_other_keys_and_of_other_kinds() {
        assertThat(check.fault("evt_1", SENT, "v1a,AAAA v1,AAAA " + SIGNATURE, body("{}")))
                .isEmpty();
    }

    @Test
    void refuses_another_body_another_id_and_another_time() {
        assertThat(check.fault("evt_1", SENT, SIGNATURE, body("{ }"))).isPresent();
        assertThat(check.fault("evt_2", SENT, SIGNATURE, body("{}"))).isPresent();
        assertThat(check.fault("evt_1", "1772352001", SIGNATURE, body("{}"))).isPresent();
    }

    @Test
    void refuses_what_was_sent_too_long_ago_or_claims_to_come_from_the_future() {
        assertThat(at(Instant.ofEpochSecond(1_772_352_301L)).fault("evt_1", SENT, SIGNATURE, body("{}")))
                .hasValueSatisfying(fault -> assertThat(fault).contains("five minutes"));
        assertThat(at(Instant.ofEpochSecond(1_772_351_699L)).fault("evt_1", SENT, SIGNATURE, body("{}")))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "99999999999999999999"})
    void refuses_a_time_stamp_that_is_none(String timestamp) {
        assertThat(check.fault("evt_1", timestamp, SIGNATURE, body("{}"))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAECAwQ=", "whsec_not base64"})
    void refuses_a_secret_that_is_none(String secret) {
        assertThatThrownBy(() -> new SignatureVerifier(secret, Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static SignatureVerifier at(Instant now) {
        return new SignatureVerifier(SECRET, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static byte[] body(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
