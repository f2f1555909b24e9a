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
    private static final int MAX_SOURCES = 4096;

    private final CommittedState ledger;
    private final SequencedMap<CallbackSource.SourceKey, CallbackSourceRate> rates =
            new LinkedHashMap<>(64, 0.75f, true);
    /// servers with callbacks from more than one address
    private final Set<String> multiAddressHosts = new HashSet<>();

    CallbackSourceTracker(CommittedState ledger) {
        this.ledger = ledger;
    }

    /// Records a callback for the live attempt of `cell`. Must be called before the cell records it.
    void recordCallback(MailboxRecord cell, String from, Instant at) {
        if (!from.isEmpty()) {
            if (!isBy(cell, from)) {
                cell.callbackSource = find(cell, from);
            }
            cell.callbackSource.ifPresent(pace -> pace.recordCallback(cell.id, at, cell.calledBack));
        }
    }

    private static boolean isBy(MailboxRecord cell, String from) {
        return cell.callbackSource.isPresent()
                && (cell.callbackSource.get().name().address().equals(from)
                        || cell.callbackSource.get().name().address().isEmpty());
    }

    private synchronized Optional<CallbackSourceRate> find(MailboxRecord cell, String from) {
        var host = cell.live
                .flatMap(SubscribeAttempt::subscriptionId)
                .flatMap(id -> id.host())
                .orElse("");
        if (cell.callbackSource.isPresent() && !host.isEmpty() && multiAddressHosts.add(host)) {
            rates.keySet().removeIf(name -> name.host().equals(host));
        }
        var name = new CallbackSource.SourceKey(multiAddressHosts.contains(host) ? "" : from, host);
        var pace = rates.computeIfAbsent(name, CallbackSourceRate::new);
        if (rates.size() > MAX_SOURCES) {
            rates.pollFirstEntry();
        }
        return Optional.of(pace);
    }

    @Override
    public synchronized List<CallbackSource> all() {
        return rates.values().stream().map(CallbackSourceRate::snapshot).toList();
    }

    @Override
    public List<Mailbox> mailboxes(CallbackSource.SourceKey caller) {
        return ledger.all().stream()
                .filter(cell -> cell.enrolled
                        && cell.callbackSource
                                .filter(pace -> pace.name().equals(caller))
                                .isPresent())
                .map(MailboxRecord::snapshot)
                .toList();
    }
}
