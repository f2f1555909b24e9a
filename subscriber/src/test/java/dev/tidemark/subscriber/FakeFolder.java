package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.ItemSummary;
import dev.tidemark.ews.message.SyncPage;
import dev.tidemark.ews.message.SyncPage.SyncChange;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SyncState;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/// The only folder of a mailbox of [FakeExchange]: a history of arrivals and deletions. Watermarks and sync
/// states are positions in it. Thread-safe.
public final class FakeFolder {
    /// Change of the folder at `at`. `received` may be earlier: Exchange queues what it cannot deliver.
    private record Entry(ItemId item, Instant at, Instant received, boolean deletion) {}

    private final InstantSource clock;
    private final List<Entry> history = new ArrayList<>();
    private final Set<ItemId> deleted = new HashSet<>();

    /// Limit of changes in a page, below the requested one.
    public int pageSize = 512;

    public boolean refusesStates;

    FakeFolder(InstantSource clock) {
        this.clock = clock;
    }

    public synchronized void receive(String item) {
        receive(item, clock.instant());
    }

    /// Delivers a message now that the organization received at `received`.
    public synchronized void receive(String item, Instant received) {
        history.add(new Entry(ItemId.of(item), clock.instant(), received, false));
    }

    public synchronized void delete(String item) {
        deleted.add(ItemId.of(item));
        history.add(new Entry(ItemId.of(item), clock.instant(), clock.instant(), true));
    }

    synchronized int end() {
        return history.size();
    }

    static Watermark watermark(int position) {
        return new Watermark("w" + position);
    }

    static int position(Watermark watermark) {
        return Integer.parseInt(watermark.value().substring(1));
    }

    synchronized Stream<MailboxEvent> pushed(int position, Set<ChangeKind> kinds) {
        var entry = history.get(position);
        var kindsOfEntry =
                entry.deletion() ? List.of(ChangeKind.DELETED) : List.of(ChangeKind.CREATED, ChangeKind.NEW_MAIL);
        return kindsOfEntry.stream()
                .filter(kinds::contains)
                .map(kind -> new MailboxEvent.ChangeEvent(
                        kind,
                        Optional.of(watermark(position + 1)),
                        Optional.of(entry.at()),
                        entry.item(),
                        Optional.of(FolderId.of("inbox-id")),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty()));
    }

    /// Returns the next page; from zero, deleted items do not appear.
    synchronized EwsResult<SyncPage> sync(EwsRequest.SyncFolderItems request) {
        if (request.state().isPresent() && refusesStates) {
            return new EwsResult.Refused<>(new EwsError.DropSyncState(
                    new ResponseCode("ErrorInvalidSyncStateData"), "The sync state data is corrupted."));
        }
        var state = request.state().map(SyncState::value).orElse("z0");
        var start = Integer.parseInt(state.substring(1));
        var end = Math.min(start + Math.min(pageSize, request.maxChanges()), history.size());
        var fromZero = state.startsWith("z");
        var changes = history.subList(start, end).stream()
                .flatMap(entry -> change(entry, fromZero))
                .toList();
        var last = end == history.size();
        var next = new SyncState((fromZero && !last ? "z" : "s") + end);
        return new EwsResult.Success<>(new SyncPage(next, last, changes));
    }

    private Stream<SyncChange> change(Entry entry, boolean fromZero) {
        if (entry.deletion()) {
            return fromZero ? Stream.empty() : Stream.of(new SyncChange.Deleted(entry.item()));
        }
        return deleted.contains(entry.item()) ? Stream.empty() : Stream.of(new SyncChange.Created(summary(entry)));
    }

    private static ItemSummary summary(Entry entry) {
        return new ItemSummary(
                entry.item(),
                Optional.of(FolderId.of("inbox-id")),
                Optional.of(entry.received()),
                Optional.of(entry.at()),
                Optional.of(entry.at()),
                Optional.of("IPM.Note"),
                false);
    }
}
