package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.store.model.JournalPosition;

/// A position of the journal as the API hands it out: a text that callers keep and give back, and nothing
/// else, so that a store with several partitions can mean more by it later.
final class PositionTextCodec {
    private static final String FORM = "j1-";
    private static final int RADIX = 36;

    private PositionTextCodec() {}

    static String of(JournalPosition position) {
        return FORM + Long.toString(position.value(), RADIX);
    }

    /// Whether a text is meant for a position.
    static boolean isMeant(String text) {
        return text.startsWith(FORM);
    }

    /// @param name what the position is for
    static JournalPosition parse(String name, String text) throws BadValueException {
        try {
            if (isMeant(text)) {
                return new JournalPosition(Long.parseLong(text.substring(FORM.length()), RADIX));
            }
        } catch (IllegalArgumentException notAPosition) {
            throw none(name);
        }
        throw none(name);
    }

    private static BadValueException none(String name) {
        return new BadValueException(name + " is no position of this journal; give one that an answer held");
    }
}
