package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.values.MailboxAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Attributes refusals to their mailbox or to the whole connection. State, back-offs and events of the
/// connection depend on it.
///
/// A refusal without a response of EWS, or one that only an operator can repair, may concern either. It concerns
/// the connection after two mailboxes, or the only one, got one of the same kind without a success in between. A
/// timeout of one mailbox therefore does not confirm a 403 of another. A mailbox that was refused while another
/// one succeeded fails alone: its refusals do not count for the connection until it succeeds. Requests without a
/// mailbox count as an additional mailbox. Thread-safe.
final class FaultAttribution {
    enum Fault {
        /// the mailbox's own fault, proved by a success of another one
        MAILBOX,
        /// one mailbox so far
        UNDECIDED,
        CONNECTION
    }

    private enum Kind {
        NO_RESPONSE,
        REFUSAL;

        static Kind of(EwsError error) {
            return EwsErrorTraits.isNoResponse(error) ? NO_RESPONSE : REFUSAL;
        }
    }

    private final String connection;
    private final ConnectionMembers members;
    /// Refused mailboxes whose fault is undecided, each with the kind of its latest refusal.
    private final Map<Optional<MailboxAddress>, Kind> undecided = new HashMap<>();
    private final Set<Optional<MailboxAddress>> failingAlone = new HashSet<>();

    FaultAttribution(String connection, ConnectionMembers members) {
        this.connection = connection;
        this.members = members;
        members.failedAlone(connection).forEach(mailbox -> failingAlone.add(Optional.of(mailbox)));
    }

    /// Records a response of Exchange for this mailbox.
    synchronized void recordSuccess(Optional<MailboxAddress> mailbox) {
        undecided.remove(mailbox);
        failingAlone.remove(mailbox);
        failingAlone.addAll(undecided.keySet());
        undecided.clear();
    }

    /// Records a refusal for this mailbox. Returns the party at fault.
    synchronized Fault recordRefusal(Optional<MailboxAddress> mailbox, EwsError error) {
        if (failingAlone.contains(mailbox)) {
            return Fault.MAILBOX;
        }
        var kind = Kind.of(error);
        undecided.put(mailbox, kind);
        return EwsErrorTraits.isBeforeAnyMailbox(error) || isConnectionFault(unconfirmedOf(kind))
                ? Fault.CONNECTION
                : Fault.UNDECIDED;
    }

    /// Returns true for a mailbox that was refused while another one succeeded, until it succeeds itself.
    synchronized boolean failsAlone(MailboxAddress mailbox) {
        return failingAlone.contains(Optional.of(mailbox));
    }

    private Set<Optional<MailboxAddress>> unconfirmedOf(Kind kind) {
        return undecided.entrySet().stream()
                .filter(each -> each.getValue() == kind)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// Returns whether two mailboxes were refused, or the only one that does not fail alone.
    private boolean isConnectionFault(Set<Optional<MailboxAddress>> refusedMailboxes) {
        var known = new HashSet<>(failingAlone);
        known.addAll(refusedMailboxes);
        return refusedMailboxes.size() > 1
                || !members.hasOther(
                        connection, known.stream().flatMap(Optional::stream).collect(Collectors.toSet()));
    }
}
