package dev.tidemark.daemon.check;

import dev.tidemark.daemon.config.ConnectionConfigSection;
import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.subscriber.config.WatchedFolders;
import dev.tidemark.values.ChangeKind;
import java.net.URI;
import java.util.List;
import java.util.Set;

/// Connections, groups and sinks to check. Holds no mailboxes, so that a daemon can keep it.
public record CheckPlan(List<ConnectionPlan> connections, List<SinkName> sinks) {
    public CheckPlan {
        connections = List.copyOf(connections);
        sinks = List.copyOf(sinks);
    }

    /// Connection with its groups, and the address at which Exchange reaches the listener.
    record ConnectionPlan(String name, ConnectionConfigSection settings, URI publicUrl, List<GroupPlan> groups) {}

    /// Subscription of a group. Watches no path, because the folders of a path differ from mailbox to mailbox.
    ///
    /// @param folders watched folders with a name in every mailbox; none means all folders
    record GroupPlan(String name, List<FolderRef> folders, Set<ChangeKind> events) {}

    public static CheckPlan of(TidemarkConfig config) {
        return new CheckPlan(
                config.connections().entrySet().stream()
                        .map(entry -> new ConnectionPlan(
                                entry.getKey(),
                                entry.getValue(),
                                entry.getValue()
                                        .publicUrl()
                                        .orElse(config.listener().publicUrl()),
                                config.groups().stream()
                                        .filter(group -> group.connection().equals(entry.getKey()))
                                        .map(CheckPlan::group)
                                        .toList()))
                        .toList(),
                config.sinks().stream().map(sink -> sink.name()).toList());
    }

    private static GroupPlan group(GroupConfigSection group) {
        return new GroupPlan(group.name(), folders(group.folders()), group.events());
    }

    private static List<FolderRef> folders(WatchedFolders watched) {
        return switch (watched) {
            case WatchedFolders.All ignored -> List.of();
            case WatchedFolders.Some some ->
                some.folders().isEmpty() ? List.of(new FolderRef.Distinguished("inbox")) : some.folders();
        };
    }
}
