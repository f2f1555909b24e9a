package dev.tidemark.model;

import dev.tidemark.ews.WireAnswers;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest.SubscribePush;
import dev.tidemark.ews.message.EwsRequest.SyncFolderItems;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.SyncPage;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.SyncState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Exchange of a few mailboxes that fails in every known way. It forgets subscriptions as easily as the real
/// one; mailboxes, items and their histories are never lost.
final class ModelExchange {
    private final SimulatedAgenda agenda;
    private final SeededDice dice;
    private final NotificationLine line;
    private final Map<MailboxAddress, ModelMailbox> mailboxes = new LinkedHashMap<>();
    private final List<PushLine> subscriptions = new ArrayList<>();
    private final WireAnswers wire = new WireAnswers();
    private final ModelRefusals refusals;
    private final StuckPages stuck;
    private final Map<ModelMailbox, Instant> weakSyncs = new HashMap<>();
    private final Map<ModelMailbox, Instant> lastPages = new HashMap<>();
    private final Map<ModelMailbox, Integer> horizons = new HashMap<>();
    private final Map<String, Instant> given = new HashMap<>();
    private int sold;
    private boolean answering;
    private Duration ahead = Duration.ZERO;
    private Instant answeredAt = Instant.MIN;

    /// Called during each request; returns whether the daemon that waits for the response is dead.
    BooleanSupplier dies = () -> false;

    /// If true, acts as if the daemon synchronized before it subscribed, so events between the two are lost.
    boolean syncsComeFirst;

    ModelExchange(SimulatedAgenda agenda, SeededDice dice, NotificationLine line) {
        this.agenda = agenda;
        this.dice = dice;
        this.line = line;
        refusals = new ModelRefusals(agenda, dice, wire);
        stuck = new StuckPages(agenda);
    }

    ModelMailbox add(String address) {
        return mailboxes.computeIfAbsent(
                new MailboxAddress(address), named -> new ModelMailbox(named.value(), at -> at.plus(ahead)));
    }

    /// Sets the offset of Exchange's clock from the model's time.
    void setClock(Duration offset) {
        ahead = offset;
    }

    ModelRefusals refusals() {
        return refusals;
    }

    StuckPages stuck() {
        return stuck;
    }

    /// Returns whether a subscription of the mailbox lives.
    boolean isSubscribed(ModelMailbox mailbox) {
        return !subscriptionsOf(mailbox).isEmpty();
    }

    Collection<ModelMailbox> mailboxes() {
        return mailboxes.values();
    }

    /// Returns the time of the mailbox's last sync that could not report deletions and moves. It began from
    /// zero or from a state that is too old for the daemon.
    Optional<Instant> lastWeakSync(ModelMailbox mailbox) {
        return Optional.ofNullable(weakSyncs.get(mailbox));
    }

    /// Returns the last time that a page of this mailbox was requested and returned.
    Instant lastPage(ModelMailbox mailbox) {
        return lastPages.getOrDefault(mailbox, Instant.MIN);
    }

    /// Returns the Date of the last response, by Exchange's clock and in whole seconds.
    Instant answeredAt() {
        return answeredAt.truncatedTo(ChronoUnit.SECONDS);
    }

    /// Returns whether the daemon waits for the response to a granted Subscribe.
    boolean isGranting() {
        return answering;
    }

    void changed(ModelMailbox mailbox) {
        subscriptionsOf(mailbox).forEach(PushLine::wake);
    }

    void restartServer() {
        subscriptions.forEach(PushLine::forget);
        subscriptions.clear();
    }

    /// Ends the subscriptions of one mailbox without notice.
    void forget(ModelMailbox mailbox) {
        subscriptionsOf(mailbox).forEach(PushLine::forget);
    }

    void move(ModelMailbox mailbox) {
        forget(mailbox);
        mailbox.moveToAnotherDatabase();
    }

    void failSubscriptions(ModelMailbox mailbox, String code) {
        subscriptionsOf(mailbox).forEach(push -> push.fail(code));
    }

    private List<PushLine> subscriptionsOf(ModelMailbox mailbox) {
        subscriptions.removeIf(PushLine::isOver);
        return subscriptions.stream().filter(push -> push.mailbox() == mailbox).toList();
    }

    /// Processes a request and returns the response; time passes in between.
    @SuppressWarnings("unchecked")
    <R> EwsResult<R> send(MailboxAddress address, EwsCall<R> request) {
        var mailbox = Optional.ofNullable(mailboxes.get(address)).orElseThrow();
        agenda.letPass(dice.upTo(Duration.ofSeconds(2)));
        if (dies.getAsBoolean()) {
            return refusal(ModelRefusals.retry("ConnectionInterrupted", Optional.empty()));
        }
        var refusal = refusals.of(mailbox, request);
        if (refusal.isPresent()) {
            return refusal(refusal.get());
        }
        var answer = (EwsResult<R>)
                switch (request) {
                    case SubscribePush subscribe -> subscribe(mailbox, subscribe);
                    case SyncFolderItems sync -> sync(mailbox, sync);
                    default -> throw new AssertionError("The core has no use for " + request);
                };
        answeredAt = agenda.now().plus(ahead);
        answering = request instanceof SubscribePush;
        agenda.letPass(dice.upTo(Duration.ofSeconds(8)));
        answering = false;
        if (dies.getAsBoolean()) {
            return refusal(ModelRefusals.retry("ConnectionInterrupted", Optional.empty()));
        }
        return dice.strikes(TroubleKind.ANSWER_LOST, 30)
                ? refusal(ModelRefusals.retry("ConnectionTimeout", Optional.empty()))
                : answer;
    }

    private EwsResult<SubscribeResult> subscribe(ModelMailbox mailbox, SubscribePush request) {
        var from = request.watermark();
        var found = from.flatMap(mark -> mailbox.place(mark, agenda.now()));
        if (from.isPresent() && found.isEmpty()) {
            dice.count(TroubleKind.WATERMARK_TOO_OLD);
            return refusal(watermarkRefused());
        }
        if (from.isPresent() && dice.strikes(TroubleKind.WATERMARK_REFUSED, 30)) {
            return refusal(watermarkRefused());
        }
        if (from.isPresent() && dice.strikes(TroubleKind.SUBSCRIBE_REFUSED, 30)) {
            return refusal(new EwsError.ResubscribeFromWatermark(
                    new ResponseCode("ErrorProxiedSubscriptionCallFailure"), "The server did not answer."));
        }
        if (from.isEmpty() && syncsComeFirst) {
            horizons.put(mailbox, mailbox.end());
            agenda.letPass(Duration.ofHours(2));
        }
        var place = found.orElseGet(mailbox::end);
        var id = new SubscriptionId("subscription-" + ++sold);
        subscriptions.add(new PushLine(id, mailbox, place, request, line, new PushLine.Dependencies(agenda, dice)));
        return new EwsResult.Success<>(new SubscribeResult(id, Optional.of(mailbox.watermark(place))));
    }

    private EwsResult<SyncPage> sync(ModelMailbox mailbox, SyncFolderItems request) {
        if (request.state().isPresent() && dice.strikes(TroubleKind.SYNC_STATE_REFUSED, 80)) {
            return refusal(new EwsError.DropSyncState(
                    new ResponseCode("ErrorInvalidSyncStateData"), "The sync state is not valid."));
        }
        if (request.maxChanges() > 10 && dice.strikes(TroubleKind.PAGE_TOO_LARGE, 60)) {
            return refusal(ModelRefusals.retry("ErrorTimeoutExpired", Optional.empty()));
        }
        if (request.state().map(state -> isOld(mailbox, state)).orElse(true)) {
            weakSyncs.put(mailbox, agenda.now());
        }
        var horizon = Optional.ofNullable(horizons.remove(mailbox)).orElseGet(mailbox::end);
        var honest = mailbox.sync(request.state(), Math.min(request.maxChanges(), 1 + dice.below(20)), horizon);
        if (stuck.isStuck(mailbox)) {
            dice.count(TroubleKind.PAGE_REPEATED);
        }
        var page = stuck.page(mailbox, request.state(), honest);
        given.put(mailbox.address() + page.state(), agenda.now());
        lastPages.put(mailbox, agenda.now());
        return wire.read(request, WireMarkup.page(page.state(), page.last(), page.changes()));
    }

    private boolean isOld(ModelMailbox mailbox, SyncState state) {
        var taken = given.getOrDefault(mailbox.address() + state.value(), Instant.MIN);
        return taken.isBefore(agenda.now().minus(CoreSettings.RETENTION));
    }

    private static EwsError watermarkRefused() {
        return new EwsError.ResubscribeAndResync(
                new ResponseCode("ErrorInvalidWatermark"), "The watermark is not valid.");
    }

    private static <R> EwsResult<R> refusal(EwsError error) {
        return new EwsResult.Refused<>(error);
    }
}
