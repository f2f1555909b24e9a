package dev.tidemark.daemon.config;

import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.MailboxAddress;
import java.util.regex.Pattern;

/// Reads a mailbox address as operators copy it: with blanks and invisible characters around it, in quotes or
/// angle brackets, or with a leading `smtp:`.
public final class AddressText {
    /// Zero-width characters, marks of direction and byte order, soft hyphens, and all kinds of blanks.
    private static final String UNSEEN = "[\\p{Cf}\\p{Z}\\s]";

    private static final Pattern AROUND = Pattern.compile("^" + UNSEEN + "+|" + UNSEEN + "+$");
    private static final Pattern NAMED = Pattern.compile("[^<>]*<([^<>]+)>");
    private static final Pattern SCHEME = Pattern.compile("(?i)^(smtp|mailto):");
    private static final Pattern QUOTED =
            Pattern.compile("[\"'\u201c\u201d\u2018\u2019](.+)[\"'\u201c\u201d\u2018\u2019]");

    /// Limit of an SMTP address: 64 characters before the @ and 255 behind it (RFC 5321, section 4.5.3.1).
    private static final int MAX_LENGTH = 320;

    private static final int SHOWN = 40;

    private AddressText() {}

    /// Removes blanks and invisible characters from both ends.
    static String trimmed(String text) {
        return AROUND.matcher(text).replaceAll("");
    }

    /// Reads an address.
    ///
    /// @throws BadValueException with the fault and its remedy
    public static MailboxAddress read(String text) throws BadValueException {
        var bare = bare(text);
        if (bare.length() > MAX_LENGTH) {
            throw new BadValueException("an address begins with '" + bare.substring(0, SHOWN) + "' and has "
                    + bare.length() + " characters; write one of at most " + MAX_LENGTH);
        }
        var foreign =
                bare.codePoints().filter(each -> each < 0x21 || each > 0x7e).findFirst();
        if (foreign.isPresent() && bare.indexOf('@') > 0) {
            throw new BadValueException("'" + bare + "' holds " + named(foreign.getAsInt())
                    + ", which no mailbox address of Exchange has; type it again, and a domain in its xn-- form");
        }
        if (bare.indexOf('*') >= 0) {
            throw new BadValueException("'" + bare + "' is a pattern, and each mailbox needs its own address; name"
                    + " them in mailboxes or mailboxes-file");
        }
        try {
            return new MailboxAddress(bare);
        } catch (InvalidValueException wrong) {
            throw new BadValueException("'" + bare + "' is not a mail address; write it like ada@example.com");
        }
    }

    private static String bare(String text) {
        var inner = trimmed(text);
        var quoted = QUOTED.matcher(inner);
        inner = quoted.matches() ? trimmed(quoted.group(1)) : inner;
        var named = NAMED.matcher(inner);
        inner = named.matches() ? trimmed(named.group(1)) : inner;
        return SCHEME.matcher(inner).replaceFirst("");
    }

    private static String named(int character) {
        return "%s (U+%04X)".formatted(Character.getName(character), character);
    }
}
