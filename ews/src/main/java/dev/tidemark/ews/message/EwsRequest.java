package dev.tidemark.ews.message;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.SyncState;
import dev.tidemark.values.Watermark;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Request that push subscriptions and their resync need; a success returns an `R`. Immutable.
public sealed interface EwsRequest<R> extends EwsCall<R> {
    /// Limit of items in one GetItem; more make ErrorTimeoutExpired likely (docs, mailbox-synchronization).
    int MAX_ITEMS = 10;

    /// Limit of changes in one SyncFolderItems response (XSD, MaxSyncChangesReturnedType).
    int MAX_CHANGES = 512;

    /// Requests callbacks. No `folders` means all folders of the mailbox. `statusFrequency` is in whole
    /// minutes, 1 to 1440. `url` is an absolute http or https address shorter than 2083 characters (XSD,
    /// PushSubscriptionRequestType).
    record SubscribePush(
            List<FolderRef> folders,
            Set<ChangeKind> events,
            Optional<Watermark> watermark,
            Duration statusFrequency,
            URI url)
            implements EwsRequest<SubscribeResult> {
        public SubscribePush {
            folders = List.copyOf(folders);
            events = Set.copyOf(events);
        }
    }

    /// Ends a pull or streaming subscription; Exchange refuses it for push (docs, unsubscribe-operation).
    record Unsubscribe(SubscriptionId subscriptionId) implements EwsRequest<UnsubscribeResult> {}

    /// Requests one page of a folder's changes since `state`, or since the folder was empty.
    record SyncFolderItems(FolderRef folder, Optional<SyncState> state, int maxChanges)
            implements EwsRequest<SyncPage> {}

    /// Requests at most [#MAX_ITEMS] items by id; results have the order of the request.
    record GetItem(List<ItemId> items) implements EwsRequest<List<ItemResult>> {
        public GetItem {
            items = List.copyOf(items);
        }
    }

    /// Requests folders by reference; results have the order of the request.
    record GetFolder(List<FolderRef> folders) implements EwsRequest<List<FolderResult>> {
        public GetFolder {
            folders = List.copyOf(folders);
        }
    }

    /// Result of Unsubscribe: Exchange ended the subscription.
    record UnsubscribeResult() {}
}
