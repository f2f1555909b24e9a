package dev.tidemark.watermark.rules;

import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.NotificationMessage.Failure;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.watermark.Callback;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.Origin;
import dev.tidemark.watermark.Receipt;
import dev.tidemark.watermark.StoredWatermark;
import dev.tidemark.watermark.SubscribeReason;
import dev.tidemark.watermark.change.ChangeLimits;
import dev.tidemark.watermark.change.Entry;
import dev.tidemark.watermark.change.EventKey;
import dev.tidemark.watermark.change.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Judges one call-back after the other and drafts what follows from it.
final class Intaker {
    private final KnownKeys known;
    private final Lifecycle lifecycle;
    private final CallerBook callers;
    private final GapStorms storms;
    private final OffsetRules offsets;
    private final DatabaseRollback rollback;
    private final Duration margin;

    Intaker(
            KnownKeys known,
            CallerBook callers,
            GapStorms storms,
            OffsetRules offsets,
            DatabaseRollback rollback,
            Duration margin) {
        this.known = known;
        this.offsets = offsets;
        this.rollback = rollback;
        this.callers = callers;
        this.storms = storms;
        this.lifecycle = new Lifecycle(margin);
        this.margin = margin;
    }

    Receipt take(Draft draft, Callback callback) {
        var attempt = callback.attempt().number();
        var seen = draft.find(callback.attempt().mailbox())
                .filter(Cell::served)
                .filter(cell -> cell.isLive(attempt) || cell.isPending(attempt));
        if (seen.isEmpty()) {
            return new Receipt.Superseded();
        }
        var cell = draft.edit(seen.get());
        var verdict = new Verdict();
        callback.body().messages().forEach(message -> verdict.add(take(draft, cell, callback, message)));
        lifecycle.passedOver(draft, cell, callback.body().skipped());
        return verdict.sum();
    }

    private Receipt take(Draft draft, Cell seen, Callback callback, NotificationMessage message) {
        // each alone: a heartbeat behind an event is in no entry of the journal
        var cell = draft.edit(seen);
        return switch (message) {
            case Notification notification -> {
                var id = Optional.of(notification.subscriptionId());
                yield admitted(draft, cell, callback, id)
                        ? notified(draft, cell, callback, notification)
                        : new Receipt.Superseded();
            }
            case Failure failure ->
                admitted(draft, cell, callback, failure.subscriptionId())
                        ? failed(draft, cell, callback, failure)
                        : new Receipt.Superseded();
        };
    }

    /// Whether the subscription is the attempt's own. A pending attempt proves by its first call-back that it
    /// lives, and an attempt whose answer has not been seen tells its name so.
    private boolean admitted(Draft draft, Cell cell, Callback callback, Optional<SubscriptionId> id) {
        var attempt = callback.attempt().number();
        if (cell.isPending(attempt)) {
            lifecycle.goLive(draft, cell, cell.pending.orElseThrow());
        }
        var live = cell.live.orElseThrow();
        if (id.isEmpty()) {
            return true;
        }
        if (live.isAnother(id.get())) {
            return false;
        }
        if (live.subscriptionId().isEmpty()) {
            cell.live = Optional.of(live.named(id.get()));
            draft.save(cell);
        }
        return true;
    }

    /// Must be called after a batch that was not written.
    void forgetSaved() {
        offsets.forgetSaved();
    }

    private void heard(Cell cell, Callback callback) {
        callers.heard(cell, callback.from(), callback.receivedAt());
        Progress.heard(cell, callback.receivedAt());
    }

    private Receipt failed(Draft draft, Cell cell, Callback callback, Failure failure) {
        var code = failure.code().value();
        lifecycle.restored(draft, cell);
        heard(cell, callback);
        if (!cell.chain.ended()) {
            cell.chain = cell.chain.asEnded();
            cell.lastError = Optional.of(ChangeLimits.clipped(code + ": " + failure.text()));
            lifecycle.trouble(draft, cell, SubscribeReason.ERROR, code);
        }
        return new Receipt.Ended(code);
    }

    private Receipt notified(Draft draft, Cell cell, Callback callback, Notification notification) {
        lifecycle.restored(draft, cell);
        var facts = FactMaker.ofNotification(cell, notification, callback.receivedAt(), Origin.PUSH);
        var link = new Link(
                notification.previousWatermark(),
                notification.lastWatermark(),
                facts.stream().map(Fact::key).toList());
        var seen = new Seen(draft, cell);
        var judgement = ChainRule.judge(cell.chain, link, seen::contains);
        var times = offsets.ours(cell, facts);
        var told = Progress.toldUpTo(cell, times.reversed().stream().findFirst(), callback.receivedAt());
        offsets.received(draft, cell, notification, callback.receivedAt());
        heard(cell, callback);
        rollback.check(draft, cell, link, facts, new DatabaseRollback.Arrival(callback.receivedAt(), seen::contains));
        var storm = storms.count(cell, isGap(judgement, cell, link));
        return switch (judgement) {
            case STARTS -> {
                // even of a heartbeat: a chain that is forgotten could start again beyond a gap
                draft.save(cell);
                yield chained(draft, cell, callback, new Told(link, facts, times, told));
            }
            case CONTINUES -> chained(draft, cell, callback, new Told(link, facts, times, told));
            case REPEATS -> repeated(cell, link);
            case BREAKS -> broken(draft, cell, callback, link, facts, new Tear(seen, storm));
            case BROKEN -> stillBroken(draft, cell, callback, link, facts, storm);
        };
    }

    /// @param times of the events, by our clock
    /// @param upTo time, by our clock, until which everything has been reported
    private record Told(Link link, List<Fact> facts, List<Instant> times, Instant upTo) {}

    private record Tear(Seen seen, boolean storm) {}

    /// Also on a chain that is broken, where no gap is told of any more. After an unclean stop it is no news.
    private static boolean isGap(ChainRule.Judgement judgement, Cell cell, Link link) {
        return switch (judgement) {
            case STARTS, CONTINUES, REPEATS -> false;
            case BREAKS -> !cell.forgiving;
            case BROKEN -> !ChainRule.follows(cell.chain, link);
        };
    }

    /// What was stored before a notification that is out of place; read from the journal if need be.
    private final class Seen {
        private final Draft draft;
        private final Cell cell;
        private Optional<JournalWalk.Recent> recent = Optional.empty();

        Seen(Draft draft, Cell cell) {
            this.draft = draft;
            this.cell = cell;
        }

        boolean contains(EventKey key) {
            return cell.chain.lastKeys().contains(key)
                    || draft.holds(cell.id, key)
                    || known.knows(draft, cell, key)
                    || recent().keys().contains(key);
        }

        JournalWalk.Recent recent() {
            var read = recent.orElseGet(() -> known.recent(draft, cell));
            recent = Optional.of(read);
            return read;
        }
    }

    private Receipt chained(Draft draft, Cell cell, Callback callback, Told told) {
        var facts = told.facts();
        settle(draft, cell);
        var news = news(draft, cell, facts);
        var before = cell.lastPosition;
        append(draft, cell, callback, told.link(), news, true);
        Progress.chained(cell, told.link(), told.upTo(), before);
        told.times().forEach(time -> Progress.passed(cell, time, margin));
        return receipt(facts, news);
    }

    /// Ends the states that a callback in order ends. The journal does not record this.
    private void settle(Draft draft, Cell cell) {
        // an overlap ends one notification late, so that the one that passed it may still be repeated
        var isPassed = cell.overlap.filter(overlap -> overlap.over(draft.now())).isPresent();
        cell.overlap = cell.overlap.filter(ignored -> !isPassed);
        var wasSilent = lifecycle.heardAgain(cell);
        var wasInError = lifecycle.calledInOrder(cell, draft.now());
        if (isPassed || wasSilent || wasInError) {
            draft.save(cell);
        }
    }

    private static Receipt repeated(Cell cell, Link link) {
        if (!link.heartbeat()) {
            return new Receipt.Repeated(link.keys().size());
        }
        if (!cell.chain.broken()) {
            // it tells no more of the time than it did when it came first
            var taken = cell.watermark.map(StoredWatermark::takenAt);
            taken.ifPresent(at -> Progress.chained(cell, link, at, cell.chain.beforeLast()));
        }
        return new Receipt.Heard();
    }

    private Receipt broken(Draft draft, Cell cell, Callback callback, Link link, List<Fact> facts, Tear tear) {
        var counts = !cell.forgiving;
        cell.forgiving = false;
        // from here to the end of the replay to come
        var start = Math.min(tear.seen().recent().start(), cell.watermarkPosition);
        cell.overlap = Optional.of(Overlap.open(cell.overlap, start, draft.now()));
        if (counts && !tear.storm()) {
            lifecycle.reportGap(draft, cell, link);
        }
        var receipt = torn(draft, cell, callback, link, facts, counts);
        owe(draft, cell, tear.storm());
        return receipt;
    }

    /// In a storm the mailbox only remembers that something is missing: its chain is broken.
    private void owe(Draft draft, Cell cell, boolean storm) {
        if (storm) {
            draft.save(cell);
            storms.remember(cell);
        } else {
            lifecycle.trouble(draft, cell, SubscribeReason.GAP, "notifications are missing");
        }
    }

    private Receipt stillBroken(Draft draft, Cell cell, Callback callback, Link link, List<Fact> facts, boolean storm) {
        if (cell.missesUnattended() && !storm) {
            lifecycle.trouble(draft, cell, SubscribeReason.GAP, "notifications are still missing");
        }
        var receipt = torn(draft, cell, callback, link, facts, false);
        return link.heartbeat() ? new Receipt.Heard() : receipt;
    }

    /// After a storm: leaves owed what would have been at once.
    void release(Draft draft, MailboxId id) {
        draft.find(id).filter(Cell::served).filter(Cell::missesUnattended).ifPresent(seen -> {
            var cell = draft.edit(seen);
            lifecycle.trouble(draft, cell, SubscribeReason.GAP, "notifications are missing");
        });
    }

    private Receipt torn(Draft draft, Cell cell, Callback callback, Link link, List<Fact> facts, boolean counts) {
        var before = cell.lastPosition;
        var news = news(draft, cell, facts);
        append(draft, cell, callback, link, news, false);
        cell.chain = cell.chain.torn(link, before);
        return new Receipt.Gap(news.size(), facts.size() - news.size(), counts);
    }

    private void append(Draft draft, Cell cell, Callback callback, Link link, List<Fact> news, boolean chained) {
        var push = new Entry.Push(
                callback.attempt().number(),
                chained,
                true,
                link.previous(),
                link.last(),
                callback.receivedAt(),
                cell.lastPosition);
        draft.append(cell, news, Optional.of(push));
    }

    /// What is not in the journal yet; an event that is twice in the same notification counts once.
    private List<Fact> news(Draft draft, Cell cell, List<Fact> facts) {
        var news = new LinkedHashMap<EventKey, Fact>();
        for (var fact : facts) {
            if (!known.knows(draft, cell, fact.key())) {
                news.putIfAbsent(fact.key(), fact);
            }
        }
        return List.copyOf(news.values());
    }

    private static Receipt receipt(List<Fact> facts, List<Fact> news) {
        var duplicates = facts.size() - news.size();
        if (facts.isEmpty()) {
            return new Receipt.Heard();
        }
        return news.isEmpty() ? new Receipt.Repeated(duplicates) : new Receipt.Stored(news.size(), duplicates);
    }
}
