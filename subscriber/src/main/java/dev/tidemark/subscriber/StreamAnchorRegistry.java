package dev.tidemark.subscriber;

import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Counts the open streams in the name of each mailbox, as Exchange sees them. A stream that the network cut
/// stays open at Exchange until its requested end. Thread-safe.
final class StreamAnchorRegistry {
    private final int limit;
    private final Map<MailboxAddress, List<Instant>> open = new HashMap<>();

    StreamAnchorRegistry(int limit) {
        this.limit = limit;
    }

    /// Acquires the first of `mailboxes`, in alphabetical order, in whose name another stream may be opened
    /// (docs, how-to-maintain-affinity). It counts until `until`, or until [#release].
    synchronized Optional<MailboxAddress> acquire(Collection<MailboxAddress> mailboxes, Instant now, Instant until) {
        open.values().forEach(each -> each.removeIf(end -> !end.isAfter(now)));
        open.values().removeIf(List::isEmpty);
        var anchor = mailboxes.stream()
                .sorted((one, other) -> one.value().compareTo(other.value()))
                .filter(each -> open.getOrDefault(each, List.of()).size() < limit)
                .findFirst();
        anchor.ifPresent(
                each -> open.computeIfAbsent(each, ignored -> new ArrayList<>()).add(until));
        return anchor;
    }

    /// Releases a stream whose end Exchange knows.
    synchronized void release(MailboxAddress anchor, Instant until) {
        open.getOrDefault(anchor, new ArrayList<>()).remove(until);
    }
}
