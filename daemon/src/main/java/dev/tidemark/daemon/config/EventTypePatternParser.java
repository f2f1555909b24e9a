package dev.tidemark.daemon.config;

import dev.tidemark.forwarder.event.EventTypeCatalog;

/// Checks patterns of event types that operators write.
public final class EventTypePatternParser {
    private static final String PREFIX = "dev.tidemark.";

    private EventTypePatternParser() {}

    /// Checks patterns, separated by commas. Rejects a pattern that no event type matches.
    public static String checked(String patterns) throws BadValueException {
        for (var pattern : patterns.split(",", -1)) {
            if (!EventTypeCatalog.matchesAny(pattern)) {
                throw new BadValueException("type: '" + pattern
                        + "' matches no type of event; the nearest that does is " + nearest(pattern));
            }
        }
        return patterns;
    }

    /// Returns the most likely intended pattern, such as one without the common prefix.
    static String nearest(String pattern) {
        var whole = PREFIX + pattern;
        return EventTypeCatalog.matchesAny(whole)
                ? whole
                : NameSuggester.nearest(pattern.startsWith(PREFIX) ? pattern : whole, EventTypeCatalog.patterns())
                        .orElse(PREFIX + "*");
    }
}
