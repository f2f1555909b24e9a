package dev.tidemark.store.change;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Writes a compact binary value. A text that occurred earlier in the same value costs about two bytes, because
/// Exchange's long ids repeat in nearly every event.
public final class BinaryValueWriter {
    private static final int DEFAULT_CAPACITY = 1024;

    private byte[] bytes;
    private int size;
    private final Map<String, Integer> texts = new HashMap<>();

    public BinaryValueWriter() {
        this(DEFAULT_CAPACITY);
    }

    /// @param capacity initial size in bytes; it doubles, and all bytes are copied, each time it is exceeded
    public BinaryValueWriter(int capacity) {
        bytes = new byte[capacity];
    }

    public int size() {
        return size;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    public BinaryValueWriter octet(int value) {
        ensureCapacity(1);
        bytes[size++] = (byte) value;
        return this;
    }

    public BinaryValueWriter flag(boolean value) {
        return octet(value ? 1 : 0);
    }

    /// Writes a number that is usually small and not negative; a negative one takes ten bytes.
    public BinaryValueWriter number(long value) {
        ensureCapacity(10);
        var rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /// Writes eight bytes, for numbers with random bits.
    public BinaryValueWriter wide(long value) {
        ensureCapacity(8);
        for (var shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    public BinaryValueWriter text(String value) {
        var seen = texts.putIfAbsent(value, texts.size() + 1);
        if (seen != null) {
            return number(seen);
        }
        var encoded = value.getBytes(StandardCharsets.UTF_8);
        number(0).number(encoded.length);
        ensureCapacity(encoded.length);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
        return this;
    }

    public BinaryValueWriter bytes(byte[] value) {
        number(value.length);
        ensureCapacity(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    /// Writes a constant by its name: constants may be added and reordered, but never renamed.
    public BinaryValueWriter constant(Enum<?> value) {
        return text(value.name());
    }

    public BinaryValueWriter instant(Instant value) {
        var seconds = value.getEpochSecond();
        return number((seconds << 1) ^ (seconds >> 63)).number(value.getNano());
    }

    public <T> BinaryValueWriter optional(Optional<T> value, Consumer<T> writer) {
        flag(value.isPresent());
        value.ifPresent(writer);
        return this;
    }

    public BinaryValueWriter optionalText(Optional<String> value) {
        return optional(value, this::text);
    }

    public BinaryValueWriter optionalInstant(Optional<Instant> value) {
        return optional(value, this::instant);
    }

    private void ensureCapacity(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
