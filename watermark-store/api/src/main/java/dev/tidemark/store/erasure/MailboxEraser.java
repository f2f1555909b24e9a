package dev.tidemark.store.erasure;

import dev.tidemark.store.MailboxRegistry.ForgottenMailbox;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.engine.StoreEngine;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Removes the rows of a forgotten mailbox from all tables, a few at a time. Called by the thread that forgets a
/// mailbox, and by housekeeping after a failure; the calls exclude each other. May be repeated.
public final class MailboxEraser {
    private static final int PAGE = 500;

    private final StoreEngine engine;
    private final Consumer<List<Change>> commit;
    private final DetailRemover details;

    /// @param commit commits changes as one unit of work
    public MailboxEraser(StoreEngine engine, Consumer<List<Change>> commit) {
        this.engine = engine;
        this.commit = commit;
        this.details = new DetailRemover(new BackwardJournalReader(engine.journal()), engine.details());
    }

    /// Removes the rows. Durable on return.
    ///
    /// @throws dev.tidemark.store.StoreException if the store cannot write; a later call removes the rest
    public synchronized ForgottenMailbox erase(Change.MailboxForgotten row) {
        var id = row.mailbox();
        var portions = new ErasurePortions(commit);
        var deferred = removeDeferred(row);
        var letters = removeDeadLetters(id, portions);
        details.forEach(row, portions::add);
        engine.syncStates().folders(id).forEach(folder -> portions.add(new Change.FolderStateRemoved(id, folder)));
        engine.replays().all().stream()
                .filter(replay -> replay.mailbox().filter(id::equals).isPresent())
                .forEach(replay -> portions.add(new Change.ReplayRemoved(replay.id())));
        portions.add(new Change.MailboxLocationRemoved(id));
        portions.flush();
        return new ForgottenMailbox(id, letters, deferred);
    }

    /// A deferred delivery has the id of its mailbox as its lane.
    private Map<SinkName, Long> removeDeferred(Change.MailboxForgotten row) {
        var counts = new HashMap<SinkName, Long>();
        for (var rows = deferred(row); !rows.isEmpty(); rows = deferred(row)) {
            rows.forEach(each -> counts.merge(each.sink(), 1L, Long::sum));
            commit.accept(rows.stream()
                    .<Change>map(each -> new Change.DeferralRemoved(each.sink(), each.position()))
                    .toList());
        }
        return counts;
    }

    private List<DeferredDelivery> deferred(Change.MailboxForgotten row) {
        return engine.deferred().ofLane(row.mailbox().value(), new JournalPosition(row.lastPosition()), PAGE);
    }

    private long removeDeadLetters(MailboxId id, ErasurePortions portions) {
        var count = 0L;
        var after = Optional.<DeadLetter.PageKey>empty();
        for (var page = newest(after); !page.isEmpty(); page = newest(after)) {
            for (var letter : page) {
                if (letter.event().isForgotten(Set.of(id))) {
                    portions.add(new Change.DeadLetterRemoved(letter.id()));
                    count++;
                }
            }
            after = Optional.of(page.getLast().pageKey());
        }
        return count;
    }

    private List<DeadLetter> newest(Optional<DeadLetter.PageKey> after) {
        return engine.deadLetters().newest(Optional.empty(), after, PAGE);
    }
}
