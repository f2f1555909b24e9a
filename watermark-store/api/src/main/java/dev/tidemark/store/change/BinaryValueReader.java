package dev.tidemark.store.change;

import dev.tidemark.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads what [BinaryValueWriter] wrote, in the same order.
public final class BinaryValueReader {
    private static final int FIRST_TEXTS = 16;

    private final byte[] bytes;
    private int offset;

    /// null for a skipped text without a decoded reference
    private final List<@Nullable String> texts = new ArrayList<>();

    /// offsets of the texts
    private int[] places = new int[FIRST_TEXTS];

    public BinaryValueReader(byte[] bytes) {
        this.bytes = bytes;
    }

    public boolean hasMore() {
        return offset < bytes.length;
    }

    /// Checks the version byte at the beginning of a value.
    public void expectVersion(int known, String what) {
        expectVersion(known, known, what);
    }

    /// Checks the version byte where older values are readable as well; returns the version.
    public int expectVersion(int oldest, int newest, String what) {
        var version = octet();
        if (version < oldest) {
            throw StoreException.permanent(unreadable(version, what));
        }
        if (version > newest) {
            throw StoreException.ofLaterVersion(unreadable(version, what));
        }
        return version;
    }

    private static String unreadable(int version, String what) {
        return "The store holds a " + what + " of version " + version
                + ", which this version of Tidemark cannot read; run the version that wrote it, or a later one.";
    }

    public int octet() {
        if (offset >= bytes.length) {
            throw damaged();
        }
        return bytes[offset++] & 0xFF;
    }

    public boolean flag() {
        return octet() != 0;
    }

    public long number() {
        var value = 0L;
        for (var shift = 0; shift < 70; shift += 7) {
            var octet = octet();
            value |= (long) (octet & 0x7F) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw damaged();
    }

    /// Reads a number of elements.
    public int count() {
        var value = number();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw damaged();
        }
        return (int) value;
    }

    public long wide() {
        var value = 0L;
        for (var i = 0; i < 8; i++) {
            value = (value << 8) | octet();
        }
        return value;
    }

    public String text() {
        var reference = reference();
        if (reference == 0) {
            addPlace();
            var value = textHere();
            texts.add(value);
            return value;
        }
        var known = texts.get(reference - 1);
        return known == null ? skippedText(reference - 1) : known;
    }

    /// Passes over a text without decoding it. A later reference to it decodes it.
    public void skipText() {
        if (reference() == 0) {
            addPlace();
            texts.add(null);
            skipBytes();
        }
    }

    private int reference() {
        var reference = count();
        if (reference > texts.size()) {
            throw damaged();
        }
        return reference;
    }

    private void addPlace() {
        if (texts.size() == places.length) {
            places = Arrays.copyOf(places, 2 * places.length);
        }
        places[texts.size()] = offset;
    }

    private String textHere() {
        var length = count();
        skip(length);
        return new String(bytes, offset - length, length, StandardCharsets.UTF_8);
    }

    private String skippedText(int index) {
        var here = offset;
        offset = places[index];
        var value = textHere();
        texts.set(index, value);
        offset = here;
        return value;
    }

    /// Passes over bytes.
    public void skip(int length) {
        if (length > bytes.length - offset) {
            throw damaged();
        }
        offset += length;
    }

    public void skipBytes() {
        skip(count());
    }

    public byte[] bytes() {
        var length = count();
        skip(length);
        return Arrays.copyOfRange(bytes, offset - length, offset);
    }

    public Instant instant() {
        var zigzag = number();
        return Instant.ofEpochSecond((zigzag >>> 1) ^ -(zigzag & 1), number());
    }

    public <T> Optional<T> optional(Supplier<T> reader) {
        return flag() ? Optional.of(reader.get()) : Optional.empty();
    }

    public void skipOptionalText() {
        if (flag()) {
            skipText();
        }
    }

    public void skipInstant() {
        number();
        number();
    }

    public Optional<String> optionalText() {
        return optional(this::text);
    }

    public Optional<Instant> optionalInstant() {
        return optional(this::instant);
    }

    public <E extends Enum<E>> E constant(Class<E> type) {
        var name = text();
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw StoreException.permanent(
                    "The store holds '" + name + "', which this version of Tidemark does not know;"
                            + " run the version that wrote it, or a later one.",
                    e);
        }
    }

    private static StoreException damaged() {
        return StoreException.permanent(
                "The store holds a value that cannot be read to its end; it is damaged: restore it from a backup.");
    }
}
