package dev.tidemark.subscriber.streaming;

import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// In whose name streams are open, by what Exchange knows: one that the network has cut goes on there until
/// its time is over. Safe for use by many threads.
final class StreamAnchorRegistry {
    private final int most;
    private final Map<MailboxAddress, List<Instant>> open = new HashMap<>();

    StreamAnchorRegistry(int most) {
        this.most = most;
    }

    /// The first of `mailboxes` by the alphabet in whose name one more may be opened (docs,
    /// how-to-maintain-affinity); it counts until `until`, or [#closed].
    synchronized Optional<MailboxAddress> acquire(Collection<MailboxAddress> mailboxes, Instant now, Instant until) {
        open.values().forEach(each -> each.removeIf(end -> !end.isAfter(now)));
        open.values().removeIf(List::isEmpty);
        var anchor = mailboxes.stream()
                .sorted((one, other) -> one.value().compareTo(other.value()))
                .filter(each -> open.getOrDefault(each, List.of()).size() < most)
                .findFirst();
        anchor.ifPresent(
                each -> open.computeIfAbsent(each, ignored -> new ArrayList<>()).add(until));
        return anchor;
    }

    /// Exchange knows that this one is over.
    synchronized void release(MailboxAddress anchor, Instant until) {
        open.getOrDefault(anchor, new ArrayList<>()).remove(until);
    }
}
