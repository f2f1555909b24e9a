package dev.tidemark.values;

import java.util.Locale;

/// Reason why a part of a message was passed over. The constants' names are public in metrics, by [#label].
public enum SkipReason {
    /// An element of a kind that the reader does not know, in a list of known ones.
    UNKNOWN_ELEMENT,
    /// An entry without the id that names its object, or with one that cannot be an id.
    MISSING_ID,
    /// An entry without the object that it is about.
    MISSING_OBJECT,
    /// A value that is not of its type; the entry goes without it.
    UNREADABLE_VALUE,
    /// A response message that belongs to nothing that was asked for.
    UNMATCHED;

    /// Returns the name as metrics and logs write it, e.g. `missing-id`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
