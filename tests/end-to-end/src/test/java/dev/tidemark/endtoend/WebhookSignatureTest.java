package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/// Checks the signature verification of the webhook receiver.
final class WebhookSignatureTest {
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

    @Test
    void agrees_with_the_example_that_implementations_share() {
        var key = Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        assertThat(WebhookSignature.of(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", BODY))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void covers_the_id_the_time_and_the_body() {
        var signature = new WebhookSignature();
        var key = Base64.getDecoder().decode(signature.secret().substring("whsec_".length()));
        var now = Long.toString(Instant.now().getEpochSecond());
        var header = "v1,b3RoZXI= " + WebhookSignature.of(key, "evt_1", now, BODY);

        assertThat(signature.covers("evt_1", now, BODY, header)).isTrue();
        assertThat(signature.covers("evt_2", now, BODY, header)).isFalse();
        assertThat(signature.covers("evt_1", now, "{}".getBytes(StandardCharsets.UTF_8), header))
                .isFalse();
        assertThat(signature.covers("evt_1", now, BODY, "v1,b3RoZXI=")).isFalse();
    }

    @Test
    void an_old_time_is_not_taken() {
        var signature = new WebhookSignature();
        var key = Base64.getDecoder().decode(signature.secret().substring("whsec_".length()));

        assertThat(signature.covers("evt_1", "1614265330", BODY, WebhookSignature.of(key, "evt_1", "1614265330", BODY)))
                .isFalse();
    }
}
