package dev.tidemark.subscriber.resync;

import dev.tidemark.ews.message.EwsCall.SyncFolderHierarchy;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.FolderChange;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.FolderSummary;
import dev.tidemark.ews.message.HierarchyPage;
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

/// Which folders a mailbox has, by SyncFolderHierarchy, for a group that watches all of them. The new state is
/// kept only by [#done], when every folder has been read: until then the folders that it would leave out are
/// found again. Used once, by one thread.
final class FolderHierarchySynchronizer {
    /// Where the hierarchy's state is kept among those of folders.
    static final String KEY = "#folders";

    /// What people see of a mailbox. Search folders, which cannot be synchronised, lie elsewhere.
    private static final FolderRef TOP = new FolderRef.Distinguished("msgfolderroot");

    private static final Logger log = LoggerFactory.getLogger(FolderHierarchySynchronizer.class);

    private final MailboxRequestSender access;
    private final ResyncStore resyncs;
    private final ResyncBaseline baseline;
    private final Map<String, FolderState> before;
    private final List<FolderChange> changes = new ArrayList<>();
    private Optional<FolderState> start;
    private Optional<SyncState> reached;
    private RecoveredPage.RecoveryCounts told = RecoveredPage.RecoveryCounts.NONE;

    FolderHierarchySynchronizer(
            MailboxRequestSender access,
            ResyncStore resyncs,
            ResyncBaseline baseline,
            Map<String, FolderState> before) {
        this.access = access;
        this.resyncs = resyncs;
        this.baseline = baseline;
        this.before = Map.copyOf(before);
        this.start = Optional.ofNullable(before.get(KEY));
        this.reached = start.map(FolderState::state);
    }

    /// The ids of all folders, after what became of them is told.
    RequestResult<Set<String>> read() throws InterruptedException {
        var reply = readPages();
        if (reply instanceof RequestResult.Refused<Boolean>(EwsError.DropSyncState error) && start.isPresent()) {
            log.info(
                    "Exchange refused what was known of the folders of {}: {}",
                    access.job().address(),
                    error.code());
            start = Optional.empty();
            reached = Optional.empty();
            changes.clear();
            reply = readPages();
        }
        return reply.then(ignored -> {
            storeNews();
            return new RequestResult.Got<>(presentFolders());
        });
    }

    private RequestResult<Boolean> readPages() throws InterruptedException {
        var guard = new CursorGuard(reached);
        while (true) {
            var reply = access.send(new SyncFolderHierarchy(Optional.of(TOP), reached));
            if (!(reply instanceof RequestResult.Got<HierarchyPage>(var page))) {
                return reply.then(ignored -> new RequestResult.Got<>(true));
            }
            changes.addAll(page.changes());
            reached = Optional.of(page.state());
            if (page.last()) {
                return new RequestResult.Got<>(true);
            }
            if (!guard.advances(page.state(), page.changes())) {
                return new RequestResult.Refused<>(CursorGuard.error("the folder hierarchy"));
            }
        }
    }

    /// From zero every folder appears as created, and none of it is news.
    private void storeNews() {
        if (start.isEmpty() || changes.isEmpty()) {
            return;
        }
        var isKnown = baseline.recognizes(start.map(FolderState::takenAt));
        var news = isKnown ? changes.stream().flatMap(this::news).toList() : List.<RecoveredChange>of();
        if (!news.isEmpty()) {
            told = store(news, start.get().state(), false);
        }
        var suppressed = isKnown
                ? 0
                : (int) changes.stream()
                        .filter(FolderChange.Deleted.class::isInstance)
                        .count();
        told = told.plus(new RecoveredPage.RecoveryCounts(0, 0, 0, suppressed));
    }

    private RecoveredPage.RecoveryCounts store(List<RecoveredChange> news, SyncState state, boolean complete) {
        return resyncs.store(new RecoveredPage(access.job().id(), baseline.origin(), news, KEY, state, complete));
    }

    private Stream<RecoveredChange> news(FolderChange change) {
        return switch (change) {
            case FolderChange.Created created -> news(ChangeKind.CREATED, created.folder());
            case FolderChange.Updated updated -> news(ChangeKind.MODIFIED, updated.folder());
            case FolderChange.Deleted deleted ->
                wanted(new RecoveredChange(ChangeKind.DELETED, deleted.id(), Optional.empty(), baseline.now()));
        };
    }

    private Stream<RecoveredChange> news(ChangeKind kind, FolderSummary folder) {
        return wanted(new RecoveredChange(kind, folder.id(), folder.parent(), baseline.now()));
    }

    private Stream<RecoveredChange> wanted(RecoveredChange found) {
        return Stream.of(found).filter(each -> access.job().plan().events().contains(each.kind()));
    }

    private Set<String> presentFolders() {
        var present = new LinkedHashSet<String>();
        if (start.isPresent()) {
            before.keySet().stream().filter(FolderHierarchySynchronizer::isId).forEach(present::add);
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

    /// A folder that was watched by its name before all were has a state under that.
    private static boolean isId(String key) {
        return !key.equals(KEY) && !key.chars().allMatch(each -> each >= 'a' && each <= 'z');
    }

    /// What became of folders, as far as it was news.
    RecoveredPage.RecoveryCounts newsCounts() {
        return told;
    }

    int changes() {
        return changes.size();
    }

    /// Every folder has been read to its end.
    void complete() {
        reached.ifPresent(state -> store(List.of(), state, true));
    }
}
