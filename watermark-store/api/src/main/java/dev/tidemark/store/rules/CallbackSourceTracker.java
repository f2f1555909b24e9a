package dev.tidemark.store.rules;

import dev.tidemark.store.CallbackSources;
import dev.tidemark.store.model.CallbackSource;
import dev.tidemark.store.model.Mailbox;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Implements [CallbackSources] from incoming callbacks. A callback from the same source as the mailbox's previous
/// one costs a comparison of two addresses. [#heard] is called under the write lock.
final class CallbackSourceTracker implements CallbackSources {
    /// Limit for the number of sources; the source with the oldest last callback is forgotten first.
    private static final int MOST = 4096;

    private final CommittedState ledger;
    private final SequencedMap<CallbackSource.SourceKey, CallbackSourceRate> paces =
            new LinkedHashMap<>(64, 0.75f, true);
    /// servers with callbacks from more than one address
    private final Set<String> roaming = new HashSet<>();

    CallbackSourceTracker(CommittedState ledger) {
        this.ledger = ledger;
    }

    /// Records a callback for the live attempt of `cell`. Must be called before the cell records it.
    void heard(MailboxRecord cell, String from, Instant at) {
        if (!from.isEmpty()) {
            if (!isBy(cell, from)) {
                cell.caller = find(cell, from);
            }
            cell.caller.ifPresent(pace -> pace.heard(cell.id, at, cell.calledBack));
        }
    }

    private static boolean isBy(MailboxRecord cell, String from) {
        return cell.caller.isPresent()
                && (cell.caller.get().name().address().equals(from)
                        || cell.caller.get().name().address().isEmpty());
    }

    private synchronized Optional<CallbackSourceRate> find(MailboxRecord cell, String from) {
        var host = cell.live
                .flatMap(SubscribeAttempt::subscriptionId)
                .flatMap(id -> id.host())
                .orElse("");
        if (cell.caller.isPresent() && !host.isEmpty() && roaming.add(host)) {
            paces.keySet().removeIf(name -> name.host().equals(host));
        }
        var name = new CallbackSource.SourceKey(roaming.contains(host) ? "" : from, host);
        var pace = paces.computeIfAbsent(name, CallbackSourceRate::new);
        if (paces.size() > MOST) {
            paces.pollFirstEntry();
        }
        return Optional.of(pace);
    }

    @Override
    public synchronized List<CallbackSource> all() {
        return paces.values().stream().map(CallbackSourceRate::snapshot).toList();
    }

    @Override
    public List<Mailbox> mailboxes(CallbackSource.SourceKey caller) {
        return ledger.all().stream()
                .filter(cell -> cell.enrolled
                        && cell.caller
                                .filter(pace -> pace.name().equals(caller))
                                .isPresent())
                .map(MailboxRecord::snapshot)
                .toList();
    }
}
