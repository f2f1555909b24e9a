package dev.tidemark.ews;

/// Counts attributes before the parser sees them. Aalto compares each attribute of an element with the ones
/// before it, and each namespace declaration too, and shows them only when it has them all: one element
/// with a megabyte of attributes would keep a decoder, and the mailboxes that share it, busy for many seconds.
///
/// The count goes by bytes: an attribute is an equals sign and a quote, with nothing but blanks between them,
/// and no `<` can stand between the attributes of an element. Text may count as an attribute where it looks
/// like one; what Exchange calls back with holds ids and times only.
final class AttributeCount {
    /// Well above what [XmlCursor] lets an element have, so that its sentence is the one for small excesses.
    static final int MOST = 256;

    private AttributeCount() {}

    /// Refuses a message with more than [#MOST] attributes in one element; in an encoding in which characters
    /// have several bytes each, in all.
    static void check(byte[] message) throws MalformedMessageException {
        var wide = isWide(message);
        var count = 0;
        var opens = false;
        for (var each : message) {
            switch (each) {
                case '<' -> {
                    opens = false;
                    count = wide ? count : 0;
                }
                case '=' -> opens = true;
                case '"', '\'' -> {
                    count += opens ? 1 : 0;
                    opens = false;
                }
                case 0, ' ', '\t', '\r', '\n' -> {
                    // blanks, and halves of wide characters, part nothing
                }
                default -> opens = false;
            }
            if (count > MOST) {
                throw new MalformedMessageException("An element has more than " + MOST + " attributes.");
            }
        }
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
