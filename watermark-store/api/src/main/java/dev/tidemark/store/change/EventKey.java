package dev.tidemark.store.change;

import dev.tidemark.store.model.EventId;
import dev.tidemark.values.Base32Digits;
import java.math.BigInteger;

/// The 130 bits behind an [EventId], in a form that is cheap to keep and compare. `tail` holds the last two.
public record EventKey(long high, long low, int tail) {
    /// Size as stored.
    static final int BYTES = 2 * Long.BYTES + 1;

    private static final String PREFIX = "evt_";
    private static final int LENGTH = 26;

    public EventId id() {
        var text = new StringBuilder(PREFIX);
        for (var i = 0; i < LENGTH; i++) {
            text.append(Base32Digits.digit(fiveBits(i * 5)));
        }
        return new EventId(text.toString());
    }

    public static EventKey of(EventId id) {
        var bits = BigInteger.ZERO;
        for (var character : id.value().substring(PREFIX.length()).toCharArray()) {
            bits = bits.shiftLeft(5).or(BigInteger.valueOf(Base32Digits.value(character)));
        }
        return new EventKey(bits.shiftRight(66).longValue(), bits.shiftRight(2).longValue(), bits.intValue() & 0b11);
    }

    private int fiveBits(int from) {
        var value = 0;
        for (var bit = from; bit < from + 5; bit++) {
            value = (value << 1) | bit(bit);
        }
        return value;
    }

    private int bit(int index) {
        if (index < 64) {
            return (int) ((high >>> (63 - index)) & 1);
        }
        return index < 128 ? (int) ((low >>> (127 - index)) & 1) : (tail >>> (129 - index)) & 1;
    }

    public void write(BinaryValueWriter out) {
        out.wide(high).wide(low).octet(tail);
    }

    public static EventKey read(BinaryValueReader in) {
        return new EventKey(in.wide(), in.wide(), in.octet());
    }
}
