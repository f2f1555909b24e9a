package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.MalformedMessageException;

/// Counts attributes before the parser sees them. Aalto compares each attribute of an element with the ones
/// before it, and each namespace declaration too, and shows them only when it has them all: one element
/// with a megabyte of attributes would keep a decoder, and the mailboxes that share it, busy for many seconds.
///
/// The count goes by bytes: an attribute is an equals sign and a quote, with nothing but blanks between them,
/// and no `<` can stand between the attributes of an element. Text may count as an attribute where it looks
/// like one; what Exchange calls back with holds ids and times only.
final class XmlAttributeLimiter {
    /// Well above what [XmlCursor] lets an element have, so that its sentence is the one for small excesses.
    static final int MOST = 256;

    /// An attribute takes five bytes at least, a blank among them. So a message as short as this holds few more
    /// than [#MOST], which the parser bears, and most call-backs need no second look at each byte.
    private static final int SHORT = 8 * MOST;

    private XmlAttributeLimiter() {}

    /// Refuses a message with more than [#MOST] attributes in one element; in an encoding in which characters
    /// have several bytes each, in all.
    static void check(byte[] message) throws MalformedMessageException {
        if (message.length <= SHORT) {
            return;
        }
        var wide = isWide(message);
        var count = 0;
        for (var i = 0; i < message.length; i++) {
            var each = message[i];
            // all letters, so that most bytes cost one comparison
            if (each > '<') {
                continue;
            }
            if (each == '<') {
                count = wide ? count : 0;
            } else if ((each == '"' || each == '\'') && followsEquals(message, i) && ++count > MOST) {
                throw new MalformedMessageException("An element has more than " + MOST + " attributes.");
            }
        }
    }

    /// Steps back over blanks and halves of wide characters. No blank is stepped over twice, because a quote
    /// ends the way.
    private static boolean followsEquals(byte[] message, int quote) {
        for (var i = quote - 1; i >= 0; i--) {
            switch (message[i]) {
                case '=' -> {
                    return true;
                }
                case 0, ' ', '\t', '\r', '\n' -> {
                    // between the two
                }
                default -> {
                    return false;
                }
            }
        }
        return false;
    }

    /// A byte of a wide character may look like a `<`. Such messages hold a zero byte near their start.
    private static boolean isWide(byte[] message) {
        for (var i = 0; i < Math.min(4, message.length); i++) {
            if (message[i] == 0 || message[i] == (byte) 0xFE || message[i] == (byte) 0xFF) {
                return true;
            }
        }
        return false;
    }
}
