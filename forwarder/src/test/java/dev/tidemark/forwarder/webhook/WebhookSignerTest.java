package dev.tidemark.forwarder.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import dev.tidemark.forwarder.targets.InvalidSettingException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebhookSignerTest {
    private static final String OLD = secret((byte) 1, 24);
    private static final String NEW = secret((byte) 2, 64);

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "whsec_", "whsec_!!!!", "whsec_AAAA", "whsk_AAAA"})
    void a_secret_that_cannot_be_used_is_refused_without_quoting_it(String secret) {
        assertThatThrownBy(() -> WebhookSigner.of(List.of(secret), Optional.empty()))
                .isInstanceOf(InvalidSettingException.class)
                .message()
                .doesNotContain("AAAA", "!!!!");
    }

    @Test
    void a_webhook_without_any_key_is_refused() {
        assertThatThrownBy(() -> WebhookSigner.requireUsable(List.of(), Optional.empty()))
                .isInstanceOf(InvalidSettingException.class);
    }

    @Test
    void the_example_of_the_specification_gives_its_signature() {
        var signer = WebhookSigner.of(List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), Optional.empty());
        var signature =
                signer.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}".getBytes(UTF_8));
        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void while_rotating_either_secret_verifies_by_the_public_library() {
        var body = "{\"subject\":\"\u00e4\"}";
        var now = Instant.now().getEpochSecond();
        var signature = WebhookSigner.of(List.of(NEW, OLD), Optional.empty()).sign("evt_1", now, body.getBytes(UTF_8));
        var headers = Map.of(
                "webhook-id", List.of("evt_1"),
                "webhook-timestamp", List.of(String.valueOf(now)),
                "webhook-signature", List.of(signature));
        assertThat(signature.split(" ")).hasSize(2);
        for (var secret : List.of(NEW, OLD)) {
            assertThatCode(() -> new Webhook(secret).verify(body, headers)).doesNotThrowAnyException();
        }
        assertThatThrownBy(() -> new Webhook(secret((byte) 3, 24)).verify(body, headers))
                .isInstanceOf(Exception.class);
    }

    @Test
    void an_ed25519_key_adds_a_signature_that_its_public_key_verifies() throws Exception {
        // RFC 8032, section 7.1, test 2
        var seed = HexFormat.of().parseHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        var open = HexFormat.of().parseHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        var key = "whsk_" + Base64.getEncoder().encodeToString(seed);
        var signatures = WebhookSigner.of(List.of(OLD), Optional.of(key))
                .sign("evt_1", 5, "body".getBytes(UTF_8))
                .split(" ");
        assertThat(signatures).hasSize(2);
        assertThat(signatures[1]).startsWith("v1a,");

        var verifier = Signature.getInstance("Ed25519");
        var der = HexFormat.of()
                .parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(open));
        verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)));
        verifier.update("evt_1.5.body".getBytes(UTF_8));
        assertThat(verifier.verify(Base64.getDecoder().decode(signatures[1].substring(4))))
                .isTrue();
    }

    @Test
    void keys_do_not_show_themselves() {
        assertThat(WebhookSigningKey.shared(OLD).toString()).isEqualTo("Shared[redacted]");
    }

    private static String secret(byte fill, int length) {
        var bytes = new byte[length];
        java.util.Arrays.fill(bytes, fill);
        return "whsec_" + Base64.getEncoder().encodeToString(bytes);
    }
}
