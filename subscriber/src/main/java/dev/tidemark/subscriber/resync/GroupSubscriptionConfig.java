package dev.tidemark.subscriber.resync;

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

/// How the mailboxes of one group are subscribed. `statusFrequency` is in whole minutes, 1 to 1440;
/// `publicUrl` is the address under which Exchange reaches the listener; what a new mailbox tells of its past
/// is no setting of the subscription.
public record GroupSubscriptionConfig(
        String name,
        String connection,
        WatchedFolders watched,
        Set<ChangeKind> events,
        Duration statusFrequency,
        URI publicUrl,
        SnapshotScope snapshot) {
    /// What a mailbox has without anybody's doing.
    private static final int USUAL_FOLDERS = 15;

    public GroupSubscriptionConfig {
        events = Set.copyOf(events);
        var nowhere =
                watched instanceof WatchedFolders.Some(var folders, var paths) && folders.isEmpty() && paths.isEmpty();
        if (nowhere || events.isEmpty()) {
            throw new IllegalArgumentException(
                    "Group " + name + " names " + (nowhere ? "no folder" : "no event") + "; name one.");
        }
    }

    /// A plan for folders that every mailbox has, without a snapshot.
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

    /// How many requests a look at all folders may take, before that has been tried.
    public int requestsPerSync() {
        return switch (watched) {
            case WatchedFolders.All ignored -> USUAL_FOLDERS;
            case WatchedFolders.Some some ->
                some.folders().size() + some.paths().size();
        };
    }

    /// The folders that are named so that every mailbox's are known by it; none where all are watched.
    public List<FolderRef> namedFolders() {
        return watched instanceof WatchedFolders.Some some ? some.folders() : List.of();
    }

    /// Stands for all settings that a subscription is made with: when it changes, the subscription has to be
    /// made anew.
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

    /// The name under which a folder's sync state is kept.
    static String key(FolderRef folder) {
        return switch (folder) {
            case FolderRef.Distinguished distinguished -> distinguished.name();
            case FolderRef.ById byId -> byId.id().id();
        };
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256; this one does not.", e);
        }
    }
}
