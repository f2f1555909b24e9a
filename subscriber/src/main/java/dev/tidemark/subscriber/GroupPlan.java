package dev.tidemark.subscriber;

import dev.tidemark.ews.ChangeKind;
import dev.tidemark.ews.FolderRef;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// How the mailboxes of one group are subscribed. `statusFrequency` is in whole minutes, 1 to 1440;
/// `publicUrl` is the address under which Exchange reaches the listener.
public record GroupPlan(
        String name,
        String connection,
        List<FolderRef> folders,
        Set<ChangeKind> events,
        Duration statusFrequency,
        URI publicUrl) {
    public GroupPlan {
        folders = List.copyOf(folders);
        events = Set.copyOf(events);
        if (folders.isEmpty() || events.isEmpty()) {
            throw new IllegalArgumentException(
                    "Group " + name + " names " + (folders.isEmpty() ? "no folder" : "no event") + "; name one.");
        }
    }

    /// Stands for all settings that a subscription is made with: when it changes, the subscription has to be
    /// made anew.
    public String fingerprint() {
        var settings = String.join(
                "\n",
                connection,
                publicUrl.toString(),
                folders.stream().map(GroupPlan::key).sorted().collect(Collectors.joining("\t")),
                events.stream().map(ChangeKind::label).sorted().collect(Collectors.joining("\t")),
                Long.toString(statusFrequency.toMinutes()));
        return HexFormat.of().formatHex(sha256(settings), 0, 16);
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
