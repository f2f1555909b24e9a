package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsCall.SyncFolderHierarchy;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.FolderSummary;
import dev.tidemark.ews.message.HierarchyPage;
import dev.tidemark.ews.message.HierarchyPage.FolderChange;
import dev.tidemark.store.ResyncStore;
import dev.tidemark.store.ResyncStore.FolderState;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.RecoveredPage.RecoveredChange;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.SyncState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the folders of a mailbox by SyncFolderHierarchy, for a group that watches all folders. Stores the new
/// state only in [#complete], after every folder was read; until then an interrupted run finds the same folders
/// again. Not thread-safe; used once by the job's thread.
final class FolderHierarchySynchronizer {
    /// Key of the hierarchy state among the sync states of folders.
    static final String KEY = "#folders";

    /// Root of the folders that users see. Search folders, which cannot be synchronized, lie elsewhere.
    private static final FolderRef TOP = new FolderRef.Distinguished("msgfolderroot");

    private static final Logger log = LoggerFactory.getLogger(FolderHierarchySynchronizer.class);

    private final MailboxRequestSender sender;
    private final ResyncStore resyncs;
    private final ResyncBaseline baseline;
    private final Map<String, FolderState> storedStates;
    private final List<FolderChange> changes = new ArrayList<>();
    private Optional<FolderState> start;
    private Optional<SyncState> current;
    private RecoveredPage.RecoveryCounts counts = RecoveredPage.RecoveryCounts.NONE;

    FolderHierarchySynchronizer(
            MailboxRequestSender sender,
            ResyncStore resyncs,
            ResyncBaseline baseline,
            Map<String, FolderState> storedStates) {
        this.sender = sender;
        this.resyncs = resyncs;
        this.baseline = baseline;
        this.storedStates = Map.copyOf(storedStates);
        this.start = Optional.ofNullable(storedStates.get(KEY));
        this.current = start.map(FolderState::state);
    }

    /// Returns the ids of all folders, after storing changes of folders as events.
    RequestResult<Set<String>> read() throws InterruptedException {
        var result = readPages();
        if (result instanceof RequestResult.Refused<Boolean>(EwsError.DropSyncState error) && start.isPresent()) {
            log.info(
                    "Exchange refused the folder hierarchy state of {}; reading the hierarchy from zero: {}",
                    sender.job().address(),
                    error.code());
            start = Optional.empty();
            current = Optional.empty();
            changes.clear();
            result = readPages();
        }
        return result.then(ignored -> {
            storeNews();
            return new RequestResult.Got<>(presentFolders());
        });
    }

    private RequestResult<Boolean> readPages() throws InterruptedException {
        var guard = new CursorGuard(current);
        while (true) {
            var result = sender.send(new SyncFolderHierarchy(Optional.of(TOP), current));
            if (!(result instanceof RequestResult.Got<HierarchyPage>(var page))) {
                return result.then(ignored -> new RequestResult.Got<>(true));
            }
            changes.addAll(page.changes());
            current = Optional.of(page.state());
            if (page.last()) {
                return new RequestResult.Got<>(true);
            }
            if (!guard.advances(page.state(), page.changes())) {
                return new RequestResult.Refused<>(CursorGuard.error("the folder hierarchy"));
            }
        }
    }

    /// Stores folder changes that are news. From zero, every folder appears as created and none is news.
    private void storeNews() {
        if (start.isEmpty() || changes.isEmpty()) {
            return;
        }
        var isKnown = baseline.recognizes(start.map(FolderState::takenAt));
        var news = isKnown ? changes.stream().flatMap(this::news).toList() : List.<RecoveredChange>of();
        if (!news.isEmpty()) {
            counts = store(news, start.get().state(), false);
        }
        var suppressed = isKnown
                ? 0
                : (int) changes.stream()
                        .filter(FolderChange.Deleted.class::isInstance)
                        .count();
        counts = counts.plus(new RecoveredPage.RecoveryCounts(0, 0, 0, suppressed));
    }

    private RecoveredPage.RecoveryCounts store(List<RecoveredChange> news, SyncState state, boolean complete) {
        return resyncs.store(new RecoveredPage(sender.job().id(), baseline.origin(), news, KEY, state, complete));
    }

    private Stream<RecoveredChange> news(FolderChange change) {
        return switch (change) {
            case FolderChange.Created created -> news(ChangeKind.CREATED, created.folder());
            case FolderChange.Updated updated -> news(ChangeKind.MODIFIED, updated.folder());
            case FolderChange.Deleted deleted ->
                filtered(new RecoveredChange(ChangeKind.DELETED, deleted.id(), Optional.empty(), baseline.now()));
        };
    }

    private Stream<RecoveredChange> news(ChangeKind kind, FolderSummary folder) {
        return filtered(new RecoveredChange(kind, folder.id(), folder.parent(), baseline.now()));
    }

    private Stream<RecoveredChange> filtered(RecoveredChange found) {
        return Stream.of(found).filter(each -> sender.job().plan().events().contains(each.kind()));
    }

    private Set<String> presentFolders() {
        var present = new LinkedHashSet<String>();
        if (start.isPresent()) {
            storedStates.keySet().stream()
                    .filter(FolderHierarchySynchronizer::isId)
                    .forEach(present::add);
        }
        for (var change : changes) {
            switch (change) {
                case FolderChange.Created created ->
                    present.add(created.folder().id().id());
                case FolderChange.Updated updated ->
                    present.add(updated.folder().id().id());
                case FolderChange.Deleted deleted -> present.remove(deleted.id().id());
            }
        }
        return present;
    }

    /// Returns false for names of distinguished folders: a folder watched by name earlier has a state under its
    /// name.
    private static boolean isId(String key) {
        return !key.equals(KEY) && !key.chars().allMatch(each -> each >= 'a' && each <= 'z');
    }

    /// Returns the counts of folder changes that were news.
    RecoveredPage.RecoveryCounts newsCounts() {
        return counts;
    }

    int changes() {
        return changes.size();
    }

    /// Stores the new state; every folder was read to its end.
    void complete() {
        current.ifPresent(state -> store(List.of(), state, true));
    }
}
