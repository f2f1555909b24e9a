package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.store.model.JournalPosition;

/// Converts journal positions to opaque texts for clients of the API. A later store with several partitions may
/// encode more.
public final class PositionTextCodec {
    private static final String FORM = "j1-";
    private static final int RADIX = 36;

    private PositionTextCodec() {}

    /// Returns the text of a position.
    public static String of(JournalPosition position) {
        return FORM + Long.toString(position.value(), RADIX);
    }

    /// Returns true if the text has the form of a position.
    static boolean isPosition(String text) {
        return text.startsWith(FORM);
    }

    /// @param name name of the parameter, for the error message
    static JournalPosition parse(String name, String text) throws BadValueException {
        try {
            if (isPosition(text)) {
                return new JournalPosition(Long.parseLong(text.substring(FORM.length()), RADIX));
            }
        } catch (IllegalArgumentException notAPosition) {
            throw none(name);
        }
        throw none(name);
    }

    private static BadValueException none(String name) {
        return new BadValueException(name + " is not a position of this journal; use one from a response");
    }
}
