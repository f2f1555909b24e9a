package dev.tidemark.daemon.config;

import dev.tidemark.forwarder.event.EventTypeCatalog;
import java.util.regex.Pattern;

/// Types of events as people ask for them.
public final class EventTypePatternParser {
    private static final String PREFIX = "dev.tidemark.";

    private EventTypePatternParser() {}

    /// Checks patterns, apart by commas: one that no event can match is a slip.
    public static String known(String patterns) throws BadValueException {
        for (var pattern : patterns.split(",", -1)) {
            if (!EventTypeCatalog.matchesAny(pattern)) {
                throw new BadValueException("type: '" + pattern
                        + "' matches no type of event; the nearest that does is " + nearest(pattern));
            }
        }
        return patterns;
    }

    /// What was meant, most likely: people leave out what all types begin with.
    static String nearest(String pattern) {
        var whole = PREFIX + pattern;
        return EventTypeCatalog.matchesAny(whole)
                ? whole
                : NameSuggester.to(pattern.startsWith(PREFIX) ? pattern : whole, EventTypeCatalog.patterns())
                        .orElse(PREFIX + "*");
    }

    public static Pattern pattern(String patterns) throws BadValueException {
        return EventFilter.pattern(known(patterns));
    }
}
