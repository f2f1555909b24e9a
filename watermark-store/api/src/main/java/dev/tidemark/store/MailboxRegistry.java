package dev.tidemark.store;

import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.MailboxAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// All mailboxes that configuration names, in memory and on disk. Reads cost no database access and return
/// immutable snapshots. Safe for use by many threads.
public interface MailboxRegistry {
    /// Takes a mailbox in, or updates its membership; its id, sequence and watermark survive an earlier
    /// removal.
    Mailbox enrol(MailboxAddress address, GroupMembership membership);

    /// Takes many in as [#enrol] does, but waits for the disk once.
    default void enrolAll(Map<MailboxAddress, GroupMembership> memberships) {
        memberships.forEach(this::enrol);
    }

    /// Takes a mailbox out and journals `mailbox.removed`. Unknown ids are ignored.
    void remove(MailboxId id);

    /// Enrolled mailboxes only.
    Optional<Mailbox> find(MailboxId id);

    Optional<Mailbox> find(MailboxAddress address);

    /// A snapshot of all enrolled mailboxes, ordered by id.
    Collection<Mailbox> all();

    /// The enrolled mailboxes of which something is to be done or finished: a compensation, a resync, a
    /// snapshot, or what is done in push's place. Costs what they are, not what there is besides.
    Collection<MailboxId> owing();

    default void pause(MailboxId id) {
        pause(id, "");
    }

    /// Journals `mailbox.paused`, with what the operator said about it, if anything; call-backs of a paused
    /// mailbox are answered Unsubscribe.
    void pause(MailboxId id, String said);

    default void resume(MailboxId id) {
        resume(id, "");
    }

    /// Journals `mailbox.resumed`, with what the operator said about it, if anything, and leaves the mailbox
    /// due.
    void resume(MailboxId id, String said);
}
