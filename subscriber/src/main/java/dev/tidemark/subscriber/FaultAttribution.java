package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsError;
import dev.tidemark.ews.MailboxAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Decides whether a refusal speaks for its mailbox or for the whole connection, for everything that follows
/// from it: state of the connection, back-off, events.
///
/// A refusal that never became an answer of EWS, or that only an operator can repair, may be either. It is the
/// connection's once two mailboxes have got one of the same kind without a success in between, or the only mailbox
/// that there is. A timeout of one mailbox does not confirm a 403 of another. A mailbox that was refused while another
/// one succeeded fails alone: nothing that it gets speaks for the
/// connection, until it succeeds itself. Requests that concern no mailbox count as one more mailbox.
/// Thread-safe.
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
            return Signs.isNoAnswer(error) ? NO_RESPONSE : REFUSAL;
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

    /// Notes that Exchange has answered a request for this mailbox.
    synchronized void succeeded(Optional<MailboxAddress> mailbox) {
        suspects.remove(mailbox);
        alone.remove(mailbox);
        alone.addAll(suspects.keySet());
        suspects.clear();
    }

    /// Notes a refusal for this mailbox, and returns whose fault it is.
    synchronized Fault refused(Optional<MailboxAddress> mailbox, EwsError error) {
        if (alone.contains(mailbox)) {
            return Fault.MAILBOX;
        }
        var kind = Kind.of(error);
        suspects.put(mailbox, kind);
        return Signs.isBeforeAnyMailbox(error) || isConnections(suspectsOf(kind)) ? Fault.CONNECTION : Fault.UNDECIDED;
    }

    /// Returns true for a mailbox that was refused while another one succeeded, until it succeeds itself.
    synchronized boolean failsAlone(MailboxAddress mailbox) {
        return alone.contains(Optional.of(mailbox));
    }

    private Set<Optional<MailboxAddress>> suspectsOf(Kind kind) {
        return suspects.entrySet().stream()
                .filter(suspect -> suspect.getValue() == kind)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// Returns true for two witnesses, and for the only one that does not fail alone.
    private boolean isConnections(Set<Optional<MailboxAddress>> witnesses) {
        var known = new HashSet<>(alone);
        known.addAll(witnesses);
        return witnesses.size() > 1
                || !members.hasOther(
                        connection, known.stream().flatMap(Optional::stream).collect(Collectors.toSet()));
    }
}
