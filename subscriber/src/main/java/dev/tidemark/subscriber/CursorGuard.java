package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.values.ResponseCode;
import java.util.List;
import java.util.Optional;

/// Detects a paged list that does not advance: either its cursors or its pages repeat, in a cycle of any length.
/// A list of any length passes if both are new. Keeps only two values (Brent's cycle detection). Not
/// thread-safe; used for one list by one thread.
final class CursorGuard {
    /// Limit of consecutive pages without an entry, each with a new cursor.
    private static final int MAX_EMPTY_PAGES = 100;

    private final SeenValue cursors = new SeenValue();
    private final SeenValue contents = new SeenValue();
    private int emptyPages;

    /// Seen value, replaced after 1, 2, 4, 8 … others, so that a whole cycle eventually fits in between.
    private static final class SeenValue {
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

    /// Creates a guard.
    ///
    /// @param start cursor of the first page, if any
    CursorGuard(Optional<?> start) {
        start.ifPresent(cursors::isNew);
    }

    /// Returns whether the list advances after a page that is not the last one.
    ///
    /// @param next cursor of the next page
    /// @param content entries of the page
    boolean advances(Object next, List<?> content) {
        emptyPages = content.isEmpty() ? emptyPages + 1 : 0;
        var isNewCursor = cursors.isNew(next);
        var isNewContent = content.isEmpty() || contents.isNew(content);
        return isNewCursor && isNewContent && emptyPages <= MAX_EMPTY_PAGES;
    }

    /// Returns the error of a list that does not advance.
    static EwsError error(String list) {
        return new EwsError.RetryAfter(
                new ResponseCode("CursorWithoutProgress"),
                "Exchange repeats the pages of " + list + " without an end; if this continues, restart the"
                        + " Exchange server's EWS application pool or repair the mailbox.",
                Optional.empty());
    }
}
