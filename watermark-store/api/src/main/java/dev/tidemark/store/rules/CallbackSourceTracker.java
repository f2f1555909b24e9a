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
/// one costs a comparison of two addresses. [#recordCallback] is called under the write lock.
final class CallbackSourceTracker implements CallbackSources {
    /// Limit for the number of sources; the source with the oldest last callback is forgotten first.
    private static final int MAX_SOURCES = 4096;

    private final CommittedState committed;
    private final SequencedMap<CallbackSource.SourceKey, CallbackSourceRate> rates =
            new LinkedHashMap<>(64, 0.75f, true);
    /// servers with callbacks from more than one address
    private final Set<String> multiAddressHosts = new HashSet<>();

    CallbackSourceTracker(CommittedState committed) {
        this.committed = committed;
    }

    /// Records a callback for the live attempt of `record`. Must be called before `record` includes it.
    void recordCallback(MailboxRecord record, String from, Instant at) {
        if (!from.isEmpty()) {
            if (!isBy(record, from)) {
                record.callbackSource = find(record, from);
            }
            record.callbackSource.ifPresent(pace -> pace.recordCallback(record.id, at, record.calledBack));
        }
    }

    private static boolean isBy(MailboxRecord record, String from) {
        return record.callbackSource.isPresent()
                && (record.callbackSource.get().name().address().equals(from)
                        || record.callbackSource.get().name().address().isEmpty());
    }

    private synchronized Optional<CallbackSourceRate> find(MailboxRecord record, String from) {
        var host = record.live
                .flatMap(SubscribeAttempt::subscriptionId)
                .flatMap(id -> id.host())
                .orElse("");
        if (record.callbackSource.isPresent() && !host.isEmpty() && multiAddressHosts.add(host)) {
            rates.keySet().removeIf(name -> name.host().equals(host));
        }
        var name = new CallbackSource.SourceKey(multiAddressHosts.contains(host) ? "" : from, host);
        var pace = rates.computeIfAbsent(
                name,
                added ->
                        new CallbackSourceRate(added, committed.memory().meter().callbacksOf(added.host())));
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
        return committed.all().stream()
                .filter(record -> record.enrolled
                        && record.callbackSource
                                .filter(pace -> pace.name().equals(caller))
                                .isPresent())
                .map(MailboxRecord::snapshot)
                .toList();
    }
}
