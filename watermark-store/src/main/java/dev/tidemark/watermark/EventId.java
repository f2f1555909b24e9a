package dev.tidemark.watermark;

import java.util.regex.Pattern;

/// An event's name, the same by whatever path the event was found: `evt_` and 26 characters that stand for
/// 128 bits.
public record EventId(String value) {
    private static final Pattern SHAPE = Pattern.compile("evt_[a-z0-9]{26}");

    public EventId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("'" + value + "' is not an event id; expected evt_ and 26 characters.");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
