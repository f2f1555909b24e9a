package dev.tidemark.store.model;

/// Subscribe request that was, or is about to be, sent for a mailbox. Numbers rise from 1 within a mailbox.
public record AttemptId(MailboxId mailbox, long number) {
    public AttemptId {
        if (number < 1) {
            throw new IllegalArgumentException(
                    "Attempt " + number + " of " + mailbox + " does not exist; they start at 1.");
        }
    }
}
