package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.MalformedMessageException;

/// Limits the attributes of an element before the parser sees them. Aalto compares each attribute with all
/// earlier ones, also namespace declarations, and reports them only when it has all. One element with a
/// megabyte of attributes would block a decoder, and the mailboxes that share it, for many seconds.
///
/// Counts by bytes: an attribute is an equals sign and a quote with only blanks between them. No `<` can stand
/// between the attributes of an element. Text of the same form counts as an attribute; callbacks of Exchange
/// contain only ids and times. Called by the decoder threads; has no state.
final class XmlAttributeLimiter {
    /// Limit of attributes, well above that of [XmlLimits], which therefore reports small excesses.
    static final int MAX_ATTRIBUTES = 256;

    /// Length in bytes up to which a message is not checked. An attribute takes at least five bytes with its
    /// blank, so a short message holds few more than [#MAX_ATTRIBUTES]. Most callbacks are that short.
    private static final int SHORT = 8 * MAX_ATTRIBUTES;

    private XmlAttributeLimiter() {}

    /// Refuses a message with more than [#MAX_ATTRIBUTES] attributes in one element. If a character has several
    /// bytes, the limit applies to the whole message.
    static void check(byte[] message) throws MalformedMessageException {
        if (message.length <= SHORT) {
            return;
        }
        var wide = isWide(message);
        var count = 0;
        for (var i = 0; i < message.length; i++) {
            var each = message[i];
            // letters, the most frequent bytes, cost one comparison
            if (each > '<') {
                continue;
            }
            if (each == '<') {
                count = wide ? count : 0;
            } else if ((each == '"' || each == '\'') && followsEquals(message, i) && ++count > MAX_ATTRIBUTES) {
                throw new MalformedMessageException("An element has more than " + MAX_ATTRIBUTES + " attributes.");
            }
        }
    }

    /// Returns whether an equals sign precedes the quote. Steps back over blanks and halves of wide characters;
    /// each blank is passed once, because a quote ends the way.
    private static boolean followsEquals(byte[] message, int quote) {
        for (var i = quote - 1; i >= 0; i--) {
            switch (message[i]) {
                case '=' -> {
                    return true;
                }
                case 0, ' ', '\t', '\r', '\n' -> {
                    // blanks or halves of wide characters between equals sign and quote
                }
                default -> {
                    return false;
                }
            }
        }
        return false;
    }

    /// Returns whether characters have several bytes, of which one may look like a `<`. Such messages have a
    /// zero byte near their start.
    private static boolean isWide(byte[] message) {
        for (var i = 0; i < Math.min(4, message.length); i++) {
            if (message[i] == 0 || message[i] == (byte) 0xFE || message[i] == (byte) 0xFF) {
                return true;
            }
        }
        return false;
    }
}
