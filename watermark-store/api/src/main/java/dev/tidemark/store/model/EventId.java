package dev.tidemark.store.model;

/// An event's name, the same by whatever path the event was found: `evt_` and 26 characters that stand for
/// 128 bits.
public record EventId(String value) {
    private static final String PREFIX = "evt_";
    private static final int LENGTH = PREFIX.length() + 26;

    public EventId {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("'" + value + "' is not an event id; expected evt_ and 26 characters.");
        }
    }

    /// By hand: each event that is read makes one.
    private static boolean isWellFormed(String text) {
        if (text.length() != LENGTH || !text.startsWith(PREFIX)) {
            return false;
        }
        for (var i = PREFIX.length(); i < LENGTH; i++) {
            var letter = text.charAt(i);
            if (!((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9'))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return value;
    }
}
