package dev.tidemark.ews.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Replaces everything that XML 1.0 forbids (section 2.2) by U+FFFD: characters, references to them, and bytes
/// that are no character. The parser would refuse the whole message for one of them. Has no state.
///
/// [#areAllowed] serves the hot path: it reads each byte once and allocates nothing. [#repaired] serves the few
/// messages that fail it. Damaged markup stays unchanged, so the parser refuses it.
final class XmlCharacters {
    private static final char REPLACEMENT = '\uFFFD';
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /// Matches a reference, or a section in which `&#` is text. A section without end extends to the end of the
    /// message, so no part is read twice.
    private static final Pattern REFERENCE =
            Pattern.compile("<!--.*?(?:-->|\\z)|<!\\[CDATA\\[.*?(?:]]>|\\z)|&#(x[0-9A-Fa-f]+|[0-9]+);", Pattern.DOTALL);

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;

    private XmlCharacters() {}

    /// Returns whether the message is UTF-8 and holds only allowed characters, also by reference.
    static boolean areAllowed(byte[] message) {
        for (var i = 0; i < message.length; i++) {
            while (i <= message.length - Long.BYTES && isPlain((long) EIGHT.get(message, i))) {
                i += Long.BYTES;
            }
            if (i == message.length) {
                return true;
            }
            var each = message[i];
            if (each < 0) {
                var length = lengthAt(message, i);
                if (length == 0) {
                    return false;
                }
                i += length - 1;
            } else if (!isAllowed(each) || (each == '&' && startsForbiddenReference(message, i))) {
                return false;
            }
        }
        return true;
    }

    /// Returns the text with everything forbidden replaced, without a byte order mark.
    static String repaired(String text) {
        var start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
        var references = REFERENCE.matcher(text.substring(start)).replaceAll(XmlCharacters::repairedReference);
        return references
                .codePoints()
                .map(each -> isAllowed(each) ? each : REPLACEMENT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String repairedReference(MatchResult match) {
        var number = Optional.ofNullable(match.group(1));
        return number.filter(XmlCharacters::isForbidden).isPresent()
                ? String.valueOf(REPLACEMENT)
                : Matcher.quoteReplacement(match.group());
    }

    /// Returns whether none of eight bytes is a control character, an `&` or a part of a longer character. A
    /// subtraction borrows, and so sets a highest bit, only if a byte is less than the subtrahend.
    private static boolean isPlain(long bytes) {
        var differences = (bytes - ' ' * EACH) | ((bytes ^ ('&' * EACH)) - EACH);
        return ((bytes | differences) & HIGHEST_BITS) == 0;
    }

    /// Returns the length of the character at `start`, which is not ASCII; 0 if it is forbidden or malformed
    /// (RFC 3629, section 4).
    private static int lengthAt(byte[] message, int start) {
        var lead = message[start] & 0xFF;
        var length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || start + length > message.length) {
            return 0;
        }
        var character = lead & (0x7F >> length);
        for (var i = start + 1; i < start + length; i++) {
            if ((message[i] & 0xC0) != 0x80) {
                return 0;
            }
            character = (character << 6) | (message[i] & 0x3F);
        }
        var smallest = length == 4 ? 0x1_0000 : length == 3 ? 0x800 : 0x80;
        return character >= smallest && isAllowed(character) ? length : 0;
    }

    private static boolean startsForbiddenReference(byte[] message, int ampersand) {
        var start = ampersand + 2;
        var end = start;
        while (end < message.length && (message[end] == 'x' || Character.digit(message[end], 16) >= 0)) {
            end++;
        }
        return end > start
                && message[start - 1] == '#'
                && isForbidden(new String(message, start, end - start, StandardCharsets.US_ASCII));
    }

    /// Returns whether `number` names a character that XML forbids; false if it is no number.
    private static boolean isForbidden(String number) {
        var hexadecimal = number.startsWith("x");
        var radix = hexadecimal ? 16 : 10;
        var value = 0;
        for (var i = hexadecimal ? 1 : 0; i < number.length(); i++) {
            var digit = Character.digit(number.charAt(i), radix);
            if (digit < 0) {
                return false;
            }
            value = Math.min(value * radix + digit, Character.MAX_CODE_POINT + 1);
        }
        return !isAllowed(value);
    }

    private static boolean isAllowed(int character) {
        if (character < ' ') {
            return character == '\t' || character == '\n' || character == '\r';
        }
        return character < Character.MIN_SURROGATE
                || (character > Character.MAX_SURROGATE && character <= REPLACEMENT)
                || (character >= Character.MIN_SUPPLEMENTARY_CODE_POINT && character <= Character.MAX_CODE_POINT);
    }
}
