package dev.tidemark.ews.codec;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// Determines the encoding of a message (XML 1.0, appendix F). Has no state.
///
/// The first bytes decide before the declaration. Programs that write XML into a text declare UTF-16 and send
/// the text as UTF-8; a parser that believes them refuses the message.
final class XmlEncoding {
    /// Declaration of nearly all messages, which needs no look at its encoding.
    private static final byte[] USUAL =
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] DECLARATION = "<?xml".getBytes(StandardCharsets.US_ASCII);

    private static final Pattern DECLARED =
            Pattern.compile("\\A[^<]{0,64}<\\?xml[^>]*?\\sencoding\\s*=\\s*[\"']([^\"'>]*)[\"']");

    private static final int MAX_DECLARATION = 256;

    private XmlEncoding() {}

    /// Returns whether the message declares an encoding that its bytes disprove, or that is unknown. Such a
    /// message is UTF-8 in practice.
    static boolean isMislabeled(byte[] message) {
        if (Arrays.equals(message, 0, Math.min(USUAL.length, message.length), USUAL, 0, USUAL.length)) {
            return false;
        }
        var start = start(message);
        return isSingleByte(start)
                && declared(start).filter(label -> charset(label).isEmpty()).isPresent();
    }

    /// Returns the encoding that the first bytes show, else the declared one, else UTF-8. Empty for UTF-32, which
    /// the parser handles.
    static Optional<Charset> of(byte[] message) {
        var start = start(message);
        if (start.startsWith("\u00FF\u00FE\0\0")) {
            return Optional.empty();
        }
        if (start.startsWith("\u00FE\u00FF") || start.startsWith("\0<")) {
            return Optional.of(StandardCharsets.UTF_16);
        }
        if (start.startsWith("\u00FF\u00FE") || start.startsWith("<\0")) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        return Optional.of(declared(start).flatMap(XmlEncoding::charset).orElse(StandardCharsets.UTF_8));
    }

    private static String start(byte[] message) {
        return new String(message, 0, Math.min(MAX_DECLARATION, message.length), StandardCharsets.ISO_8859_1);
    }

    private static boolean isSingleByte(String start) {
        return start.indexOf('\0') < 0 && !start.startsWith("\u00FE\u00FF") && !start.startsWith("\u00FF\u00FE");
    }

    private static Optional<String> declared(String start) {
        var found = DECLARED.matcher(start);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    /// Returns the encoding of this label, if it is known and agrees with ASCII. The declaration itself was read
    /// as ASCII, so every other encoding is wrong.
    private static Optional<Charset> charset(String label) {
        try {
            return Optional.of(Charset.forName(label))
                    .filter(known -> Arrays.equals("<?xml".getBytes(known), DECLARATION));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return Optional.empty();
        }
    }
}
