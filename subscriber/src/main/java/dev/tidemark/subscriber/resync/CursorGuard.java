package dev.tidemark.subscriber.resync;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.values.ResponseCode;
import java.util.List;
import java.util.Optional;

/// Detects a paged list that does not advance. Either the place to continue from repeats, in a circle of any
/// length, or the pages do. A list of any length passes if both are new. Keeps only two places (Brent's cycle
/// detection). Used for one list, by one thread.
final class CursorGuard {
    /// Pages without an entry in a row, each with a new place to continue from.
    private static final int MOST_EMPTY = 100;

    private final Mark places = new Mark();
    private final Mark contents = new Mark();
    private int empty;

    /// A value that was seen, replaced after 1, 2, 4, 8 … others: in the end a whole circle fits between.
    private static final class Mark {
        private Optional<Object> seen = Optional.empty();
        private long steps;
        private long power = 1;

        boolean isNew(Object value) {
            if (seen.filter(value::equals).isPresent()) {
                return false;
            }
            if (seen.isEmpty() || ++steps == power) {
                seen = Optional.of(value);
                power *= 2;
                steps = 0;
            }
            return true;
        }
    }

    /// @param start place of the first page, if any
    CursorGuard(Optional<?> start) {
        start.ifPresent(places::isNew);
    }

    /// Returns whether the list advances after a page that is not the last one.
    ///
    /// @param next place to continue from
    /// @param content entries of the page
    boolean advances(Object next, List<?> content) {
        empty = content.isEmpty() ? empty + 1 : 0;
        var isNewPlace = places.isNew(next);
        var isNewContent = content.isEmpty() || contents.isNew(content);
        return isNewPlace && isNewContent && empty <= MOST_EMPTY;
    }

    /// Returns the error of a list that does not advance.
    static EwsError error(String list) {
        return new EwsError.RetryAfter(
                new ResponseCode("CursorWithoutProgress"),
                "Exchange repeats the pages of " + list + " without coming to their end; if this lasts, restart the"
                        + " Exchange server's EWS application pool or repair the mailbox.",
                Optional.empty());
    }
}
