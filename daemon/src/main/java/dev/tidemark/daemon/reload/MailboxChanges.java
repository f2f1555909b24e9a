package dev.tidemark.daemon.reload;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Numbers of mailboxes that a reload added to groups and removed from them.
public record MailboxChanges(Map<String, Integer> added, Map<String, Integer> removed) {
    public static final MailboxChanges NONE = new MailboxChanges(Map.of(), Map.of());

    public MailboxChanges {
        added = Map.copyOf(added);
        removed = Map.copyOf(removed);
    }

    /// Returns a sentence for each changed group.
    List<String> sentences() {
        var groups = new TreeSet<>(added.keySet());
        groups.addAll(removed.keySet());
        return groups.stream()
                .map(group -> "subscriptions." + group + ".mailboxes: " + added.getOrDefault(group, 0) + " added, "
                        + removed.getOrDefault(group, 0) + " removed")
                .toList();
    }
}
