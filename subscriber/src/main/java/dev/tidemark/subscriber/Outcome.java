package dev.tidemark.subscriber;

import dev.tidemark.watermark.Recovery;
import java.time.Instant;

/// What came of a wish to subscribe or resynchronise a mailbox.
public sealed interface Outcome {
    /// Subscribed, and nothing is owed.
    record Subscribed() implements Outcome {}

    /// Subscribed, and what was missed is in the journal.
    record Resynced(Recovery.Count count) implements Outcome {}

    /// Not now: worth another call at `at`, not before. The store knows what is still owed.
    record RetryAt(Instant at, String code, String text) implements Outcome {}

    /// Not until a person changes something; journalled as such. `everybody` says that it is about the
    /// connection, and that one change mends all its mailboxes.
    record Failed(String code, String text, boolean everybody) implements Outcome {}

    /// There was nothing to do, or somebody else does it: the mailbox is gone or paused, the attempt was
    /// overtaken, or this thread was interrupted.
    record Skipped(String why) implements Outcome {}
}
