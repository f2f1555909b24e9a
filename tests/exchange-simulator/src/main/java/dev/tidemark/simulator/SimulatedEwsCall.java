package dev.tidemark.simulator;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Operation that a request calls, with its parameters.
sealed interface SimulatedEwsCall {
    /// Folder as named in a request, and the mailbox that the request names for it, if any.
    record FolderName(FolderRef folder, Optional<MailboxAddress> mailbox) {}

    /// Requested properties: all, or the id and `fields` (as `item:DateTimeReceived`).
    record Shape(boolean idOnly, Set<String> fields) {
        public Shape {
            fields = Set.copyOf(fields);
        }

        boolean asks(String field) {
            return !idOnly || fields.contains(field);
        }
    }

    /// No folders means all of them.
    record Subscribe(
            List<FolderName> folders,
            Set<ChangeKind> kinds,
            Optional<Watermark> watermark,
            Duration statusFrequency,
            String url)
            implements SimulatedEwsCall {
        public Subscribe {
            folders = List.copyOf(folders);
            kinds = Set.copyOf(kinds);
        }
    }

    /// No folders means all of them.
    record SubscribeStreaming(List<FolderName> folders, Set<ChangeKind> kinds) implements SimulatedEwsCall {
        public SubscribeStreaming {
            folders = List.copyOf(folders);
            kinds = Set.copyOf(kinds);
        }
    }

    record GetStreamingEvents(List<String> subscriptions, Duration timeout) implements SimulatedEwsCall {
        public GetStreamingEvents {
            subscriptions = List.copyOf(subscriptions);
        }
    }

    record Unsubscribe(String subscription) implements SimulatedEwsCall {}

    record SyncFolderItems(FolderName folder, Shape shape, String state, int limit) implements SimulatedEwsCall {}

    record GetItem(List<ItemId> items, Shape shape) implements SimulatedEwsCall {
        public GetItem {
            items = List.copyOf(items);
        }
    }

    record ResolveNames(String entry) implements SimulatedEwsCall {}

    record GetFolder(List<FolderName> folders) implements SimulatedEwsCall {
        public GetFolder {
            folders = List.copyOf(folders);
        }
    }

    /// No root means the whole mailbox.
    record SyncFolderHierarchy(Optional<FolderName> root, String state) implements SimulatedEwsCall {}

    record FindFolder(List<FolderName> parents, boolean deep, int offset, int limit) implements SimulatedEwsCall {
        public FindFolder {
            parents = List.copyOf(parents);
        }
    }

    /// Returns the operation's name, as in the element of its response.
    default String operation() {
        return getClass().getSimpleName();
    }
}
