package dev.tidemark.values;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// Opaque id that Exchange gives a subscription; new at every Subscribe, even from the same watermark (docs,
/// subscribe-operation, Comments).
public record SubscriptionId(String value) {
    private static final int MAX_HOST_LENGTH = 253;

    public SubscriptionId {
        TextValidator.requireBookmark(value, "subscription id");
    }

    /// Returns the server of the subscription, in lower case. Since Exchange 2013 the id begins with its name
    /// after two bytes of length. That is seen in captures and documented nowhere, so it is a hint only.
    public Optional<String> host() {
        try {
            var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(value)).order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.remaining() < Short.BYTES) {
                return Optional.empty();
            }
            var length = bytes.getShort();
            if (length < 1 || length > MAX_HOST_LENGTH || length > bytes.remaining()) {
                return Optional.empty();
            }
            var name = new byte[length];
            bytes.get(name);
            return Optional.of(new String(name, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT))
                    .filter(SubscriptionId::isHostName);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static boolean isHostName(String text) {
        return text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.');
    }
}
