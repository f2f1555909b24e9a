package dev.tidemark.model;

import dev.tidemark.ews.message.EwsRequest.SubscribePush;
import dev.tidemark.model.SimulatedAgenda.Actor;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;

/// Push subscription that sends events or heartbeats, one notification at a time. It repeats an unanswered one
/// until the status frequency is over; then it ends without notice (docs, statusfrequency).
final class PushLine {
    private static final int MAX_EVENTS = 4;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(30);

    /// Notification in flight, with its last watermark and position.
    private record PushedNotification(String message, Watermark last, int end) {}

    private final SubscriptionId id;
    private final ModelMailbox mailbox;
    private final SubscribePush request;
    private final NotificationLine line;
    private final SimulatedAgenda agenda;
    private final SeededDice dice;
    private final Set<ChangeKind> kinds;
    private Instant lastResponse;
    private Watermark lastWatermark;
    private int place;
    private Optional<PushedNotification> letter = Optional.empty();
    private boolean begun;
    private boolean ended;
    private long turn;

    PushLine(
            SubscriptionId id,
            ModelMailbox mailbox,
            int place,
            SubscribePush request,
            NotificationLine line,
            Dependencies dependencies) {
        this.id = id;
        this.mailbox = mailbox;
        this.place = place;
        this.lastWatermark = mailbox.watermark(place);
        this.request = request;
        this.line = line;
        this.agenda = dependencies.agenda();
        this.dice = dependencies.dice();
        this.kinds = request.events();
        this.lastResponse = agenda.now();
        wake();
    }

    /// Dependencies that all subscriptions share.
    record Dependencies(SimulatedAgenda agenda, SeededDice dice) {}

    ModelMailbox mailbox() {
        return mailbox;
    }

    boolean isOver() {
        return ended;
    }

    /// Ends the subscription without notice.
    void forget() {
        ended = true;
    }

    /// Ends the subscription with an error callback, which is not repeated.
    void fail(String code) {
        ended = true;
        line.call(request.url(), WireMarkup.failure(id, code));
    }

    /// Reacts to a change of the mailbox or to an accepted notification.
    void wake() {
        if (letter.isEmpty()) {
            var quiet = Duration.between(agenda.now(), lastResponse.plus(request.statusFrequency()));
            plan(isNews() ? dice.upTo(Duration.ofSeconds(5)) : quiet, () -> send(next(), Duration.ZERO));
        }
    }

    /// Schedules the next step; the newest plan replaces earlier ones.
    private void plan(Duration delay, Runnable work) {
        var mine = ++turn;
        agenda.after(delay, Actor.EXCHANGE, () -> {
            if (mine == turn && !ended) {
                work.run();
            }
        });
    }

    private boolean isNews() {
        return mailbox.history().subList(place, mailbox.end()).stream()
                .map(ModelMailbox.Change::kind)
                .anyMatch(kinds::contains);
    }

    private PushedNotification next() {
        var end = place;
        var last = mailbox.watermark(end);
        var events = new ArrayList<String>();
        while (end < mailbox.end() && events.size() < MAX_EVENTS) {
            if (kinds.contains(mailbox.history().get(end).kind())) {
                events.add(mailbox.event(end));
                last = mailbox.watermark(end + 1);
            }
            end++;
        }
        if (events.isEmpty()) {
            last = mailbox.watermark(end);
            events.add(WireMarkup.heartbeat(last));
        }
        var message = WireMarkup.notification(id, lastWatermark, end < mailbox.end(), events);
        var odd = dice.strikes(TroubleKind.CONTROL_CHARACTER, 20);
        return new PushedNotification(odd ? WireMarkup.withControlCharacter(message) : message, last, end);
    }

    private void send(PushedNotification next, Duration waited) {
        letter = Optional.of(next);
        if (begun && dice.strikes(TroubleKind.CALLBACK_SWALLOWED, 15)) {
            onAccepted(next);
            return;
        }
        var cut = dice.strikes(TroubleKind.CALLBACK_CUT, 10);
        var body = cut ? next.message().substring(0, next.message().length() / 2) : next.message();
        var reply = dice.strikes(TroubleKind.CALLBACK_REFUSED, 20)
                ? NotificationLine.Reply.NONE
                : line.call(request.url(), body);
        if (reply == NotificationLine.Reply.OK && dice.strikes(TroubleKind.CALLBACK_REPEATED, 20)) {
            reply = line.call(request.url(), body);
        }
        begun |= reply == NotificationLine.Reply.OK;
        if (reply == NotificationLine.Reply.OK && dice.strikes(TroubleKind.CALLBACK_ANSWER_LOST, 20)) {
            reply = NotificationLine.Reply.NONE;
        }
        switch (reply) {
            case OK -> onAccepted(next);
            case UNSUBSCRIBE -> ended = true;
            case NONE -> retry(next, waited);
        }
    }

    private void onAccepted(PushedNotification read) {
        letter = Optional.empty();
        lastResponse = agenda.now();
        place = read.end();
        lastWatermark = read.last();
        wake();
    }

    private void retry(PushedNotification same, Duration waited) {
        var next = waited.isZero() ? FIRST_RETRY : waited.multipliedBy(2);
        if (next.compareTo(request.statusFrequency()) > 0) {
            dice.count(TroubleKind.SUBSCRIPTION_DROPPED);
            ended = true;
            return;
        }
        plan(next, () -> send(same, next));
    }
}
