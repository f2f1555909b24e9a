package dev.tidemark.values;

import java.util.Locale;

/// Primary SMTP address of a mailbox, in lower case: Exchange compares addresses without case.
public record MailboxAddress(String value) {
    public MailboxAddress {
        value = value.strip().toLowerCase(Locale.ROOT);
        var at = value.lastIndexOf('@');
        if (at < 1 || at == value.length() - 1 || hasBlank(value)) {
            throw new InvalidValueException("'" + value + "' is not a mail address; write it like ada@example.com.");
        }
    }

    private static boolean hasBlank(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (Character.isWhitespace(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return value;
    }
}
