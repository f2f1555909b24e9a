package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsError;
import dev.tidemark.ews.MailboxAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Decides whether a refusal speaks for its mailbox or for the whole connection, for everything that follows
/// from it: state of the connection, back-off, events.
///
/// A refusal that never became an answer of EWS, or that only an operator can repair, may be either. It is the
/// connection's once two mailboxes have got one without a success in between, or the only mailbox that there
/// is. A mailbox that was refused while another one succeeded fails alone: nothing that it gets speaks for the
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

    private final String connection;
    private final ConnectionMembers members;
    private final Set<Optional<MailboxAddress>> suspects = new HashSet<>();
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
        alone.addAll(suspects);
        suspects.clear();
    }

    /// Notes a refusal for this mailbox, and returns whose fault it is.
    synchronized Fault refused(Optional<MailboxAddress> mailbox, EwsError error) {
        if (alone.contains(mailbox)) {
            return Fault.MAILBOX;
        }
        suspects.add(mailbox);
        return Signs.isBeforeAnyMailbox(error) || suspects.size() > 1 || isLast() ? Fault.CONNECTION : Fault.UNDECIDED;
    }

    /// Whether every mailbox that does not fail alone is under suspicion.
    private boolean isLast() {
        var known = new HashSet<>(alone);
        known.addAll(suspects);
        return !members.hasOther(
                connection, known.stream().flatMap(Optional::stream).collect(Collectors.toSet()));
    }
}
