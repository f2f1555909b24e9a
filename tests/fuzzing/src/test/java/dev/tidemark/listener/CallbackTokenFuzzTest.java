package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.MailboxId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Fuzzes the token of a callback, the only proof that its sender knows the URL.
final class CallbackTokenFuzzTest {
    private static final CallbackTokenCodec CODEC =
            new CallbackTokenCodec("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII), List.of());

    @FuzzTest
    void only_minted_texts_are_tokens(FuzzedDataProvider data) {
        var text = data.consumeRemainingAsString();
        CODEC.verify(text).ifPresent(attempt -> assertThat(CODEC.mint(attempt)).isEqualTo(text));
    }

    @FuzzTest
    void a_minted_token_names_its_attempt_and_a_changed_one_none(FuzzedDataProvider data) {
        var mailbox = MailboxIdCodec.decode(padded(data.consumeBytes(MailboxIdCodec.BYTES)));
        var attempt = new AttemptId(new MailboxId(mailbox.value()), data.consumeLong(1, Long.MAX_VALUE));
        var token = CODEC.mint(attempt);
        assertThat(CODEC.verify(token)).contains(attempt);
        var at = data.consumeInt(0, token.length());
        var changed = token.substring(0, at)
                + data.consumeString(2)
                + token.substring(Math.min(token.length(), at + data.consumeInt(0, 2)));
        if (!changed.equals(token)) {
            assertThat(CODEC.verify(changed)).isEmpty();
        }
    }

    private static byte[] padded(byte[] bytes) {
        return Arrays.copyOf(bytes, MailboxIdCodec.BYTES);
    }
}
