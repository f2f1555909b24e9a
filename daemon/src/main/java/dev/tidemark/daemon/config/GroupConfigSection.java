package dev.tidemark.daemon.config;

import dev.tidemark.subscriber.config.SnapshotScope;
import dev.tidemark.subscriber.config.WatchedFolders;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Settings of a group: mailboxes with the same subscription, and the sinks for their events.
public record GroupConfigSection(
        String name,
        String connection,
        List<MailboxAddress> mailboxes,
        List<DistributionGroupSource> mailboxesFrom,
        WatchedFolders folders,
        Set<ChangeKind> events,
        Duration statusFrequency,
        SnapshotScope snapshot,
        boolean protocolExposed,
        boolean detailed,
        List<String> forwardTo) {
    /// Distribution group whose members belong to the group (`mailboxes-from`).
    ///
    /// @param refresh interval of its expansion
    public record DistributionGroupSource(MailboxAddress address, Duration refresh) {}

    /// Returns the settings without the mailboxes.
    GroupConfigSection withoutMailboxes() {
        return new GroupConfigSection(
                name,
                connection,
                List.of(),
                mailboxesFrom,
                folders,
                events,
                statusFrequency,
                snapshot,
                protocolExposed,
                detailed,
                forwardTo);
    }
}
