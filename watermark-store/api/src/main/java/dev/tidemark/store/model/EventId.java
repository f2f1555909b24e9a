package dev.tidemark.store.model;

/// Id of an event, the same for every path by which it is found: `evt_` and 26 characters that encode 128 bits.
public record EventId(String value) {
    private static final String PREFIX = "evt_";
    private static final int LENGTH = PREFIX.length() + 26;

    public EventId {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("'" + value + "' is not an event id; expected evt_ and 26 characters.");
        }
    }

    /// Checks without a regular expression, because every event that is read creates an id.
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
