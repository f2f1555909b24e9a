package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.SimulatedFolderName;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.w3c.dom.Element;

/// Operation that a request calls, with its parameters.
public sealed interface SimulatedEwsCall {
    /// Folder as named in a request, and the mailbox that the request names for it, if any.
    record FolderName(SimulatedFolderName folder, Optional<MailboxAddress> mailbox) {}

    /// Requested properties: all, or the id and `fields` by element name (as `DateTimeReceived`).
    ///
    /// @param extended keys of extended properties
    /// @param bodyType `Best`, `HTML` or `Text`
    record Shape(boolean idOnly, Set<String> fields, Set<String> extended, String bodyType) {
        public Shape {
            fields = Set.copyOf(fields);
            extended = Set.copyOf(extended);
        }

        boolean asks(String field) {
            return !idOnly || fields.contains(field);
        }

        boolean names(String field) {
            return fields.contains(field);
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

    /// No folders means all of them.
    record SubscribePull(
            List<FolderName> folders, Set<ChangeKind> kinds, Optional<Watermark> watermark, Duration timeout)
            implements SimulatedEwsCall {
        public SubscribePull {
            folders = List.copyOf(folders);
            kinds = Set.copyOf(kinds);
        }
    }

    record GetEvents(String subscription, Watermark watermark) implements SimulatedEwsCall {}

    /// Operation on one mailbox that reads its request itself.
    record MailboxCall(String name, Element request) implements SimulatedEwsCall {
        @Override
        public String operation() {
            return name;
        }
    }

    record ExpandDL(String address) implements SimulatedEwsCall {}

    record GetItem(List<ItemId> items, Shape shape) implements SimulatedEwsCall {
        public GetItem {
            items = List.copyOf(items);
        }
    }

    record ResolveNames(String entry) implements SimulatedEwsCall {}

    record GetFolder(List<FolderName> folders, Shape shape) implements SimulatedEwsCall {
        public GetFolder {
            folders = List.copyOf(folders);
        }
    }

    /// No root means the whole mailbox.
    record SyncFolderHierarchy(Optional<FolderName> root, String state) implements SimulatedEwsCall {}

    record FindFolder(
            List<FolderName> parents, boolean deep, FoundPage page, Optional<SearchRestriction> wanted, Shape shape)
            implements SimulatedEwsCall {
        public FindFolder {
            parents = List.copyOf(parents);
        }
    }

    /// Returns the operation's name, as in the element of its response.
    default String operation() {
        return getClass().getSimpleName();
    }
}
