package dev.tidemark.store;

import dev.tidemark.store.listing.MailboxColumns;
import dev.tidemark.store.listing.MailboxTable;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxSummary;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.values.MailboxAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All configured mailboxes, in memory and on disk. Reads do not access the database and return immutable
/// snapshots. Thread-safe.
public interface MailboxRegistry {
    /// Enrols a mailbox or updates its membership. Its id, sequence and watermark survive an earlier removal.
    Mailbox enrol(MailboxAddress address, GroupMembership membership);

    /// Enrols many mailboxes as [#enrol] does, but waits for the disk once.
    default void enrolAll(Map<MailboxAddress, GroupMembership> memberships) {
        memberships.forEach(this::enrol);
    }

    /// Removes a mailbox and journals `mailbox.removed`. Ignores unknown ids.
    void remove(MailboxId id);

    /// Removes many mailboxes as [#remove] does, but waits for the disk once.
    default void removeAll(Collection<MailboxId> ids) {
        ids.forEach(this::remove);
    }

    /// Gives an enrolled mailbox its new address, for example after a marriage. Its id, sequence and subscription stay.
    /// Returns false if the mailbox is not enrolled, or if the store knows another mailbox with this address.
    default boolean rename(MailboxId id, MailboxAddress address) {
        return false;
    }

    /// Returns an enrolled mailbox.
    Optional<Mailbox> find(MailboxId id);

    Optional<Mailbox> find(MailboxAddress address);

    /// Returns a snapshot of all enrolled mailboxes, ordered by id.
    Collection<Mailbox> all();

    /// Returns all enrolled mailboxes in any order, without a copy of each.
    default Stream<MailboxSummary> summaries() {
        return all().stream().map(MailboxSummary.class::cast);
    }

    /// Returns the fields of all enrolled mailboxes for lists. The store keeps them with each change.
    default MailboxTable table() {
        return MailboxColumns.of(summaries());
    }

    /// Returns the numbers of enrolled mailboxes by label of their state, without empty states. The store counts them
    /// with each change, so the cost does not depend on the number of mailboxes.
    default Map<String, Long> countsByState() {
        return summaries()
                .collect(
                        Collectors.groupingBy(mailbox -> mailbox.state().label(), TreeMap::new, Collectors.counting()));
    }

    /// Returns the enrolled mailboxes that are unhealthy, in any order. The cost depends on their number, not on that
    /// of all mailboxes.
    default Stream<MailboxSummary> unhealthy() {
        return summaries().filter(MailboxSummary::isUnhealthy);
    }

    /// Returns the enrolled mailboxes with pending work: a compensation, a resync, a snapshot or a fallback. The
    /// cost depends on their number, not on that of all mailboxes.
    Collection<MailboxId> withPendingWork();

    /// Returns a mailbox that was removed and is still stored.
    default Optional<Mailbox> findRemoved(MailboxId id) {
        return Optional.empty();
    }

    default Optional<Mailbox> findRemoved(MailboxAddress address) {
        return Optional.empty();
    }

    /// Returns the mailboxes that were removed and are still stored, in any order. The cost depends on the number
    /// of all mailboxes.
    default Stream<MailboxSummary> removed() {
        return Stream.empty();
    }

    /// Mailbox that was forgotten.
    ///
    /// @param deadLetters number of its dead letters that were removed
    /// @param deferred number of its deferred deliveries that were removed, by sink
    record ForgottenMailbox(MailboxId id, long deadLetters, Map<SinkName, Long> deferred) {
        public ForgottenMailbox {
            deferred = Map.copyOf(deferred);
        }
    }

    /// Forgets a removed or paused mailbox, and journals `mailbox.forgotten` without its address. Reads hide
    /// its journaled events at once, and retention removes them. A mailbox that is enrolled with this address
    /// afterwards is a new one. The returned erasure removes the rows; after a stop, housekeeping does. Empty
    /// if the mailbox is unknown, or neither removed nor paused.
    default Optional<PendingErasure> beginForgetting(MailboxId id) {
        return Optional.empty();
    }

    /// Erasure of the rows of a mailbox that is forgotten already. It needs no lock on the list of mailboxes.
    interface PendingErasure {
        /// Removes the rows. Durable on return; may take minutes.
        ForgottenMailbox complete();
    }

    /// Forgets a mailbox by [#beginForgetting], and removes everything that is stored of it.
    default Optional<ForgottenMailbox> forget(MailboxId id) {
        return beginForgetting(id).map(PendingErasure::complete);
    }

    default void pause(MailboxId id) {
        pause(id, "");
    }

    /// Journals `mailbox.paused` with the operator's comment, if there is one. Callbacks of a paused mailbox get
    /// the response Unsubscribe.
    void pause(MailboxId id, String comment);

    default void resume(MailboxId id) {
        resume(id, "");
    }

    /// Journals `mailbox.resumed` with the operator's comment, if there is one, and schedules a compensation at
    /// once.
    void resume(MailboxId id, String comment);
}
