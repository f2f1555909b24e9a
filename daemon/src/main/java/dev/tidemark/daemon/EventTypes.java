package dev.tidemark.daemon;

import dev.tidemark.forwarder.KnownTypes;
import java.util.regex.Pattern;

/// Types of events as people ask for them.
final class EventTypes {
    private EventTypes() {}

    /// Checks patterns, apart by commas: one that no event can match is a slip.
    static String known(String patterns) throws BadValueException {
        for (var pattern : patterns.split(",", -1)) {
            if (!KnownTypes.match(pattern)) {
                throw new BadValueException("type: '" + pattern + "' matches no type of event"
                        + Nearest.to(pattern, KnownTypes.patterns())
                                .map(nearest -> "; the nearest that does is " + nearest)
                                .orElse(""));
            }
        }
        return patterns;
    }

    static Pattern pattern(String patterns) throws BadValueException {
        return EventFilter.pattern(known(patterns));
    }
}
