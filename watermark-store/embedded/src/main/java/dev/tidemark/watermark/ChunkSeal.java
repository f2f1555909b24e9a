package dev.tidemark.watermark;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// The checksum that a chunk of an H2 file lacks: H2 checks a chunk's first and last bytes only, so that one
/// whose middle never reached the disk would pass for whole.
///
/// It lies in the blanks behind the text of the chunk's last 128 bytes, as characters that H2 takes for
/// blanks too: a file with seals is an ordinary H2 file.
final class ChunkSeal {
    static final int BLOCK = 4096;
    static final int FOOTER = 128;
    private static final int LONGEST_HEADER = 1024;
    /// below a blank, and never what H2 fills with
    private static final byte MARK = 0x1f;
    private static final int SUM_CHARACTERS = 7;
    private static final int BOOT_CHARACTERS = 6;
    /// the text is 71 bytes long at most, the last byte ends the line
    private static final int PLACE = FOOTER - 1 - SUM_CHARACTERS - BOOT_CHARACTERS - 1;
    private static final Pattern NUMBER = Pattern.compile("chunk:(\\p{XDigit}{1,8}),len:(\\p{XDigit}{1,8}),.*");
    private static final Pattern VERSION = Pattern.compile(".*version:(\\p{XDigit}{1,16}).*");

    private static final Pattern NEXT = Pattern.compile(".*next:(\\p{XDigit}{1,15}),.*");

    private ChunkSeal() {}

    /// What a chunk says of itself at its beginning and at its end.
    record Name(int id, int blocks, long version) {}

    /// Whether `bytes`, from its position to its limit, is written to `position` of a file as a chunk.
    static boolean isChunk(ByteBuffer bytes, long position) {
        return position >= 2 * BLOCK
                && position % BLOCK == 0
                && bytes.remaining() >= BLOCK
                && bytes.remaining() % BLOCK == 0
                && startsWithChunk(bytes, bytes.position())
                && startsWithChunk(bytes, bytes.limit() - FOOTER);
    }

    private static boolean startsWithChunk(ByteBuffer bytes, int at) {
        return bytes.get(at) == 'c'
                && bytes.get(at + 1) == 'h'
                && bytes.get(at + 2) == 'u'
                && bytes.get(at + 3) == 'n'
                && bytes.get(at + 4) == 'k'
                && bytes.get(at + 5) == ':';
    }

    /// Seals a chunk, in place, and notes during which run of the machine it was written.
    static void seal(ByteBuffer chunk, int boot) {
        var place = chunk.limit() - FOOTER + PLACE;
        chunk.put(place, MARK);
        put(chunk, place + 1, BOOT_CHARACTERS, boot);
        put(chunk, place + 1 + BOOT_CHARACTERS, SUM_CHARACTERS, sum(chunk));
    }

    private static void put(ByteBuffer chunk, int place, int characters, int value) {
        for (var i = 0; i < characters; i++) {
            chunk.put(place + i, (byte) ((value >>> (5 * i)) & 0x1f));
        }
    }

    private static int get(ByteBuffer chunk, int place, int characters) {
        var value = 0;
        for (var i = 0; i < characters; i++) {
            value |= (chunk.get(place + i) & 0x1f) << (5 * i);
        }
        return value;
    }

    /// Whether a chunk is what it was when it was sealed, or has never been sealed.
    static boolean whole(ByteBuffer chunk) {
        var place = chunk.limit() - FOOTER + PLACE;
        return chunk.get(place) != MARK || get(chunk, place + 1 + BOOT_CHARACTERS, SUM_CHARACTERS) == sum(chunk);
    }

    /// Whether a chunk has been sealed before, as one that is only moved.
    static boolean sealed(ByteBuffer chunk) {
        return chunk.get(chunk.limit() - FOOTER + PLACE) == MARK && whole(chunk);
    }

    /// The machine's run during which a chunk with these last bytes was written, if it is sealed.
    static OptionalInt boot(ByteBuffer footer) {
        return footer.get(PLACE) == MARK
                ? OptionalInt.of(get(footer, PLACE + 1, BOOT_CHARACTERS))
                : OptionalInt.empty();
    }

    /// As many bits of `seed` as a seal has room for.
    static int bootOf(String seed) {
        return seed.hashCode() & ((1 << (5 * BOOT_CHARACTERS)) - 1);
    }

    private static int sum(ByteBuffer chunk) {
        var crc = new CRC32C();
        var all = chunk.duplicate();
        all.limit(chunk.limit() - 1 - SUM_CHARACTERS);
        crc.update(all);
        return (int) crc.getValue();
    }

    /// The chunk that begins at `at`, by its first line; none if there is none.
    static Optional<Name> name(ByteBuffer bytes, int at, int length) {
        if (length < FOOTER || !startsWithChunk(bytes, at)) {
            return Optional.empty();
        }
        var text = firstLine(bytes, at, length);
        var number = NUMBER.matcher(text);
        var version = VERSION.matcher(text);
        if (!number.matches() || !version.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Name(
                Integer.parseUnsignedInt(number.group(1), 16),
                Integer.parseUnsignedInt(number.group(2), 16),
                Long.parseUnsignedLong(version.group(1), 16)));
    }

    /// Where the chunk that begins at `at` expects the next one, in blocks, if it says so.
    static OptionalLong next(ByteBuffer bytes, int at, int length) {
        var next = NEXT.matcher(firstLine(bytes, at, length));
        return next.matches() ? OptionalLong.of(Long.parseLong(next.group(1), 16)) : OptionalLong.empty();
    }

    private static String firstLine(ByteBuffer bytes, int at, int length) {
        var line = new byte[Math.min(LONGEST_HEADER, length)];
        bytes.get(at, line);
        var end = 0;
        while (end < line.length && line[end] >= ' ') {
            end++;
        }
        return new String(line, 0, end, StandardCharsets.ISO_8859_1);
    }
}
