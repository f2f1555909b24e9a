package dev.tidemark.subscriber.config;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.values.ChangeKind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Settings for the subscriptions of one group. `statusFrequency` is in whole minutes, 1 to 1440. `publicUrl` is
/// the address at which Exchange reaches the listener. `snapshot` does not affect the subscription.
public record GroupSubscriptionConfig(
        String name,
        String connection,
        WatchedFolders watched,
        Set<ChangeKind> events,
        Duration statusFrequency,
        URI publicUrl,
        SnapshotScope snapshot) {
    /// Number of folders in a typical new mailbox.
    private static final int TYPICAL_FOLDER_COUNT = 15;

    public GroupSubscriptionConfig {
        events = Set.copyOf(events);
        var hasNoFolder =
                watched instanceof WatchedFolders.Some(var folders, var paths) && folders.isEmpty() && paths.isEmpty();
        if (hasNoFolder || events.isEmpty()) {
            throw new IllegalArgumentException(
                    "Group " + name + " names " + (hasNoFolder ? "no folder" : "no event") + "; name one.");
        }
    }

    /// Creates settings for folders that every mailbox has, without a snapshot.
    public GroupSubscriptionConfig(
            String name,
            String connection,
            List<FolderRef> folders,
            Set<ChangeKind> events,
            Duration statusFrequency,
            URI publicUrl) {
        this(
                name,
                connection,
                WatchedFolders.folders(folders),
                events,
                statusFrequency,
                publicUrl,
                new SnapshotScope.None());
    }

    /// Estimates the requests of one sync of all folders.
    public int requestsPerSync() {
        return switch (watched) {
            case WatchedFolders.All ignored -> TYPICAL_FOLDER_COUNT;
            case WatchedFolders.Some some ->
                some.folders().size() + some.paths().size();
        };
    }

    /// Returns the watched folders with a name that is valid in every mailbox; empty if all folders are watched.
    public List<FolderRef> namedFolders() {
        return watched instanceof WatchedFolders.Some some ? some.folders() : List.of();
    }

    /// Returns a hash of all settings of a subscription. If it changes, the mailbox must be resubscribed.
    public String fingerprint() {
        var settings = String.join(
                "\n",
                connection,
                publicUrl.toString(),
                folderKeys().sorted().collect(Collectors.joining("\t")),
                events.stream().map(ChangeKind::label).sorted().collect(Collectors.joining("\t")),
                Long.toString(statusFrequency.toMinutes()));
        return HexFormat.of().formatHex(sha256(settings), 0, 16);
    }

    private Stream<String> folderKeys() {
        return switch (watched) {
            case WatchedFolders.All ignored -> Stream.of("all");
            case WatchedFolders.Some some ->
                Stream.concat(
                        some.folders().stream().map(GroupSubscriptionConfig::key),
                        some.paths().stream().map(FolderPath::toString));
        };
    }

    /// Returns the key of a folder's sync state.
    public static String key(FolderRef folder) {
        return switch (folder) {
            case FolderRef.Distinguished distinguished -> distinguished.name();
            case FolderRef.ById byId -> byId.id().id();
        };
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing, although every Java platform must have it.", e);
        }
    }
}
