package dev.tidemark.values;

import java.util.Locale;

/// Reason for skipping a part of a message. The constants' names are public in metrics, by [#label].
public enum SkipReason {
    /// Element of an unknown kind in a list of known ones.
    UNKNOWN_ELEMENT,
    /// Entry without the id of its object, or with an invalid id.
    MISSING_ID,
    /// Entry without its object.
    MISSING_OBJECT,
    /// Value that is not of its type; the entry is kept without it.
    UNREADABLE_VALUE,
    /// Response message that matches no requested object.
    UNMATCHED;

    /// Returns the name as metrics and logs write it, e.g. `missing-id`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
