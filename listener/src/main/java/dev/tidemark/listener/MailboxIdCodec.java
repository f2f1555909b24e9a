package dev.tidemark.listener;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.Base32Digits;

/// Encodes a mailbox id as ten bytes: the value of its 16 base32 characters.
final class MailboxIdCodec {
    static final int BYTES = 10;

    private static final String PREFIX = "mbx_";

    private MailboxIdCodec() {}

    static byte[] encode(MailboxId id) {
        var text = id.value();
        var bytes = new byte[BYTES];
        for (int half = 0; half < 2; half++) {
            long bits = 0;
            for (int i = 0; i < 8; i++) {
                bits = bits << 5 | Base32Digits.value(text.charAt(PREFIX.length() + half * 8 + i));
            }
            for (int i = 4; i >= 0; i--, bits >>>= 8) {
                bytes[half * 5 + i] = (byte) bits;
            }
        }
        return bytes;
    }

    static MailboxId decode(byte[] bytes) {
        var text = new StringBuilder(PREFIX);
        for (int half = 0; half < 2; half++) {
            long bits = 0;
            for (int i = 0; i < 5; i++) {
                bits = bits << 8 | (bytes[half * 5 + i] & 0xFF);
            }
            for (int shift = 35; shift >= 0; shift -= 5) {
                text.append(Base32Digits.digit((int) (bits >>> shift)));
            }
        }
        return new MailboxId(text.toString());
    }
}
