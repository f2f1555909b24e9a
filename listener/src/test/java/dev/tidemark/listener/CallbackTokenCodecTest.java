package dev.tidemark.listener;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.MailboxId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackTokenCodecTest {
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
    private static final byte[] OTHER = "fedcba9876543210fedcba9876543210".getBytes(UTF_8);
    private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";

    private final CallbackTokenCodec tokens = new CallbackTokenCodec(KEY, List.of());

    @Test
    void a_token_names_the_attempt_it_was_made_for() {
        var random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            var attempt = attempt(random);
            assertThat(tokens.verify(tokens.mint(attempt))).hasValue(attempt);
        }
    }

    @Test
    void a_token_fits_into_an_address_as_it_is() {
        assertThat(tokens.mint(new AttemptId(new MailboxId("mbx_7q2m4k7vabcd2345"), 1)))
                .matches("[A-Za-z0-9_-]{46}");
    }

    /// Pins the token format. Subscriptions outlive a release, so the format must never change.
    @Test
    void a_token_stays_what_it_was() {
        var attempt = new AttemptId(new MailboxId("mbx_7q2m4k7vabcd2345"), 42);
        assertThat(tokens.mint(attempt)).isEqualTo("_DTOK_UARD1vnQAAAAAAAAAq7atHhsEbNvUGfxd0ZXM1wQ");
    }

    @Test
    void no_letter_of_a_token_can_be_another() {
        var token = tokens.mint(new AttemptId(new MailboxId("mbx_7q2m4k7vabcd2345"), 42));
        for (int i = 0; i < token.length(); i++) {
            for (var letter : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray()) {
                var changed = token.substring(0, i) + letter + token.substring(i + 1);
                assertThat(changed.equals(token) || tokens.verify(changed).isEmpty())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "====", "\u0000", "ä", "%41", "../..", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void garbage_proves_nothing(String garbage) {
        assertThat(tokens.verify(garbage)).isEmpty();
        assertThat(tokens.verify(garbage.repeat(46))).isEmpty();
    }

    @Test
    void random_text_of_the_right_length_proves_nothing() {
        var random = new Random(11);
        for (int i = 0; i < 1000; i++) {
            var text = new StringBuilder();
            random.ints(46, 32, 127).forEach(text::appendCodePoint);
            assertThat(tokens.verify(text.toString())).isEmpty();
        }
    }

    @Test
    void more_than_the_token_is_not_the_token() {
        var token = tokens.mint(new AttemptId(new MailboxId("mbx_7q2m4k7vabcd2345"), 42));
        assertThat(tokens.verify(token + "=")).isEmpty();
        assertThat(tokens.verify(token + "==")).isEmpty();
        assertThat(tokens.verify(token + "/")).isEmpty();
        assertThat(tokens.verify(token.substring(1))).isEmpty();
    }

    @Test
    void a_key_that_was_replaced_still_counts_but_is_not_used() {
        var attempt = new AttemptId(new MailboxId("mbx_7q2m4k7vabcd2345"), 42);
        var rotated = new CallbackTokenCodec(OTHER, List.of(KEY));
        assertThat(rotated.verify(tokens.mint(attempt))).hasValue(attempt);
        assertThat(tokens.verify(rotated.mint(attempt))).isEmpty();
        assertThat(new CallbackTokenCodec(OTHER, List.of()).verify(tokens.mint(attempt)))
                .isEmpty();
    }

    @Test
    void a_short_key_is_rejected() {
        assertThatThrownBy(() -> new CallbackTokenCodec(new byte[15], List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16");
    }

    private static AttemptId attempt(Random random) {
        var id = new StringBuilder("mbx_");
        random.ints(16, 0, 32).forEach(digit -> id.append(DIGITS.charAt(digit)));
        return new AttemptId(new MailboxId(id.toString()), random.nextLong(1, Long.MAX_VALUE));
    }
}
