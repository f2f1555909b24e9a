package dev.tidemark.ews.message;

import dev.tidemark.values.ChangeKind;
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

/// Anything that one request and one answer do: what push needs is an [EwsRequest], the rest stands here.
/// [GetStreamingEvents] is none, because its answer has no foreseeable end.
public sealed interface EwsCall<R>
        permits EwsRequest,
                EwsCall.SubscribePull,
                EwsCall.SubscribeStreaming,
                EwsCall.GetEvents,
                EwsCall.SyncFolderHierarchy,
                EwsCall.FindFolder,
                EwsCall.ResolveNames {

    /// Asks for a subscription to be polled by [GetEvents]. No `folders` means all folders of the mailbox.
    /// Exchange drops it when nobody polls for `timeout`, in whole minutes, 1 to 1440 (XSD,
    /// PullSubscriptionRequestType).
    record SubscribePull(
            List<FolderRef> folders, Set<ChangeKind> events, Optional<Watermark> watermark, Duration timeout)
            implements EwsCall<SubscribeResult> {
        public SubscribePull {
            folders = List.copyOf(folders);
            events = Set.copyOf(events);
        }
    }

    /// Asks for a subscription to be read by [GetStreamingEvents]; it has no watermark, so what happens while
    /// nobody reads is lost. No `folders` means all folders (XSD, StreamingSubscriptionRequestType).
    record SubscribeStreaming(List<FolderRef> folders, Set<ChangeKind> events) implements EwsCall<SubscribeResult> {
        public SubscribeStreaming {
            folders = List.copyOf(folders);
            events = Set.copyOf(events);
        }
    }

    /// The events of a pull subscription after `watermark`; a heartbeat where there are none.
    record GetEvents(SubscriptionId subscriptionId, Watermark watermark) implements EwsCall<Notification> {}

    /// What became of the folders below `root` since `state`, or all of them. No `root` means the whole
    /// mailbox; that and its top folder have different states (docs, syncfolderhierarchy-operation).
    record SyncFolderHierarchy(Optional<FolderRef> root, Optional<SyncState> state) implements EwsCall<HierarchyPage> {}

    /// The folders right below `parent`, or with `deep` all below it, from the `offset`-th on, at most `most`.
    record FindFolder(FolderRef parent, boolean deep, int offset, int most) implements EwsCall<FolderListing> {}

    /// Whom `entry`, an address or a part of a name, may mean in the directory; at most 100 (XSD,
    /// ArrayOfResolutionType). Nobody is an answer, too.
    record ResolveNames(String entry) implements EwsCall<NameResolutions> {
        public ResolveNames {
            TextValidator.requireToken(entry, "name to resolve");
        }
    }
}
