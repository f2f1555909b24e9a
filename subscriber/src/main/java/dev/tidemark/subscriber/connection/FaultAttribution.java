package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.values.MailboxAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Decides whether a refusal concerns its mailbox or the whole connection. The state of the connection, back-offs
/// and events follow from it.
///
/// A refusal without a response of EWS, or one that only an operator can repair, may concern either. It concerns
/// the connection once two mailboxes, or the only one, got one of the same kind without a success in between. So a
/// timeout of one mailbox does not confirm a 403 of another. A mailbox that was refused while another one succeeded
/// fails alone: its refusals do not count for the connection until it succeeds. Requests that concern no mailbox
/// count as one more mailbox. Thread-safe.
final class FaultAttribution {
    enum Fault {
        /// the mailbox's own, shown by a success of another one
        MAILBOX,
        /// of one mailbox so far
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
    /// Mailboxes under suspicion, each with the kind of its latest refusal.
    private final Map<Optional<MailboxAddress>, Kind> suspects = new HashMap<>();
    private final Set<Optional<MailboxAddress>> alone = new HashSet<>();

    FaultAttribution(String connection, ConnectionMembers members) {
        this.connection = connection;
        this.members = members;
        members.failedAlone(connection).forEach(mailbox -> alone.add(Optional.of(mailbox)));
    }

    /// Records a response of Exchange for this mailbox.
    synchronized void recordSuccess(Optional<MailboxAddress> mailbox) {
        suspects.remove(mailbox);
        alone.remove(mailbox);
        alone.addAll(suspects.keySet());
        suspects.clear();
    }

    /// Records a refusal for this mailbox, and returns the party at fault.
    synchronized Fault recordRefusal(Optional<MailboxAddress> mailbox, EwsError error) {
        if (alone.contains(mailbox)) {
            return Fault.MAILBOX;
        }
        var kind = Kind.of(error);
        suspects.put(mailbox, kind);
        return EwsErrorTraits.isBeforeAnyMailbox(error) || isConnectionFault(unconfirmedOf(kind))
                ? Fault.CONNECTION
                : Fault.UNDECIDED;
    }

    /// Returns true for a mailbox that was refused while another one succeeded, until it succeeds itself.
    synchronized boolean failsAlone(MailboxAddress mailbox) {
        return alone.contains(Optional.of(mailbox));
    }

    private Set<Optional<MailboxAddress>> unconfirmedOf(Kind kind) {
        return suspects.entrySet().stream()
                .filter(suspect -> suspect.getValue() == kind)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// Returns whether there are two witnesses, or the only mailbox that does not fail alone.
    private boolean isConnectionFault(Set<Optional<MailboxAddress>> witnesses) {
        var known = new HashSet<>(alone);
        known.addAll(witnesses);
        return witnesses.size() > 1
                || !members.hasOther(
                        connection, known.stream().flatMap(Optional::stream).collect(Collectors.toSet()));
    }
}
