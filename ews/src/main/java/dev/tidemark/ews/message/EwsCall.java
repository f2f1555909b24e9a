package dev.tidemark.ews.message;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.SyncState;
import dev.tidemark.values.TextValidator;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Call with one request and one response. Calls for push subscriptions are [EwsRequest]s; the others are here.
/// [GetStreamingEvents] is not a call, because its response has no foreseeable end. Immutable.
public sealed interface EwsCall<R>
        permits EwsRequest,
                EwsCall.SubscribePull,
                EwsCall.SubscribeStreaming,
                EwsCall.GetEvents,
                EwsCall.SyncFolderHierarchy,
                EwsCall.FindFolder,
                EwsCall.ResolveNames,
                EwsCall.ExpandGroup,
                EwsCall.CreateMessage,
                EwsCall.DeleteItem {

    /// Requests a subscription for polls by [GetEvents]. No `folders` means all folders of the mailbox.
    /// Exchange drops the subscription if no poll arrives for `timeout`, in whole minutes, 1 to 1440 (XSD,
    /// PullSubscriptionRequestType).
    record SubscribePull(
            List<FolderRef> folders, Set<ChangeKind> events, Optional<Watermark> watermark, Duration timeout)
            implements EwsCall<SubscribeResult> {
        public SubscribePull {
            folders = List.copyOf(folders);
            events = Set.copyOf(events);
        }
    }

    /// Requests a subscription for streams by [GetStreamingEvents]. It has no watermark, so events are lost
    /// while no stream is open. No `folders` means all folders (XSD, StreamingSubscriptionRequestType).
    record SubscribeStreaming(List<FolderRef> folders, Set<ChangeKind> events) implements EwsCall<SubscribeResult> {
        public SubscribeStreaming {
            folders = List.copyOf(folders);
            events = Set.copyOf(events);
        }
    }

    /// Requests the events of a pull subscription after `watermark`. The result is a heartbeat if there are
    /// none.
    record GetEvents(SubscriptionId subscriptionId, Watermark watermark) implements EwsCall<Notification> {}

    /// Requests the changes of the folders below `root` since `state`, or all folders. No `root` means the
    /// whole mailbox. The mailbox and its top folder have different states (docs,
    /// syncfolderhierarchy-operation).
    record SyncFolderHierarchy(Optional<FolderRef> root, Optional<SyncState> state) implements EwsCall<HierarchyPage> {}

    /// Requests at most `limit` folders directly below `parent`, or with `deep` all below it, from `offset` on.
    record FindFolder(FolderRef parent, boolean deep, int offset, int limit) implements EwsCall<FolderListing> {}

    /// Requests the directory's matches of `entry`, an address or a part of a name; at most 100 (XSD,
    /// ArrayOfResolutionType). No match is a regular result.
    record ResolveNames(String entry) implements EwsCall<NameResolutions> {
        public ResolveNames {
            TextValidator.requireToken(entry, "name to resolve");
        }
    }

    /// Requests the direct members of a distribution group (ExpandDL). A group without a match is an error, because an
    /// empty result would look like a group without members.
    record ExpandGroup(MailboxAddress group) implements EwsCall<NameResolutions> {}

    /// Saves an empty message in a folder, without sending it. The result is its id.
    record CreateMessage(FolderRef folder, String subject) implements EwsCall<ItemId> {}

    /// Deletes an item permanently, without a copy among the deleted items.
    record DeleteItem(ItemId item) implements EwsCall<DeletedItem> {}

    /// Result of DeleteItem: the item is gone.
    record DeletedItem() {}
}
