package dev.tidemark.ews.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.NotificationMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Fuzzes the decoder of callbacks, which reads bytes of unknown senders.
final class CallbackFuzzTest {
    private static final NotificationCodec CODEC = new NotificationCodec();

    /// Outcome of the product's decoder.
    ///
    /// @param messages empty if it refuses the body
    /// @param isLimit true if it refuses the body because of a limit, which the general decoder does not have
    private record Outcome(Optional<List<NotificationMessage>> messages, boolean isLimit) {}

    @DictionaryFile(resourcePath = "/soap.dict")
    @FuzzTest
    void the_hot_decoder_reads_the_same_as_the_general_one(byte[] body) {
        var hot = hot(body);
        assertThat(hot(body)).isEqualTo(hot);
        if (isPlain(body) && !hot.isLimit()) {
            assertThat(general(new String(body, StandardCharsets.UTF_8).strip()))
                    .isEqualTo(hot.messages());
        }
    }

    private static Outcome hot(byte[] body) {
        try {
            return new Outcome(Optional.of(CODEC.decode(body).messages()), false);
        } catch (MalformedMessageException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return new Outcome(Optional.empty(), refused.getMessage().contains(" than "));
        }
    }

    private static Optional<List<NotificationMessage>> general(String text) {
        try {
            var root = WellFormedTree.root(text);
            return root.isPresent() ? Optional.of(TreeNotifications.read(root.get())) : Optional.empty();
        } catch (MalformedMessageException | InvalidValueException refused) {
            return Optional.empty();
        }
    }

    /// Returns whether both parsers see the same text: the product repairs forbidden characters and wrong labels of
    /// encodings before it parses.
    private static boolean isPlain(byte[] body) {
        return XmlCharacters.areAllowed(body)
                && !XmlEncoding.isMislabeled(body)
                && XmlEncoding.of(body).filter(StandardCharsets.UTF_8::equals).isPresent();
    }
}
