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

/// One push subscription: tells what is new, or that nothing is, one notification at a time, again and again
/// until it is taken or the status frequency is over; then it is gone without a word (docs, statusfrequency).
final class PushLine {
    private static final int MOST_EVENTS = 4;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(30);

    /// Notification in flight, the last watermark in it, and its last place.
    private record Letter(String message, Watermark last, int end) {}

    private final SubscriptionId id;
    private final ModelMailbox mailbox;
    private final SubscribePush request;
    private final NotificationLine line;
    private final SimulatedAgenda agenda;
    private final SeededDice dice;
    private final Set<ChangeKind> kinds;
    private Instant heard;
    private Watermark told;
    private int place;
    private Optional<Letter> letter = Optional.empty();
    private boolean begun;
    private boolean over;
    private long turn;

    PushLine(
            SubscriptionId id,
            ModelMailbox mailbox,
            int place,
            SubscribePush request,
            NotificationLine line,
            Surroundings around) {
        this.id = id;
        this.mailbox = mailbox;
        this.place = place;
        this.told = mailbox.watermark(place);
        this.request = request;
        this.line = line;
        this.agenda = around.agenda();
        this.dice = around.dice();
        this.kinds = request.events();
        this.heard = agenda.now();
        ring();
    }

    /// What all subscriptions share.
    record Surroundings(SimulatedAgenda agenda, SeededDice dice) {}

    ModelMailbox mailbox() {
        return mailbox;
    }

    boolean isOver() {
        return over;
    }

    /// Gone without a word.
    void forget() {
        over = true;
    }

    /// Gone with an error call-back, which nobody repeats.
    void fail(String code) {
        over = true;
        line.call(request.url(), WireMarkup.failure(id, code));
    }

    /// Something has happened in the mailbox, or was told of it.
    void ring() {
        if (letter.isEmpty()) {
            var quiet = Duration.between(agenda.now(), heard.plus(request.statusFrequency()));
            plan(isNews() ? dice.upTo(Duration.ofSeconds(5)) : quiet, () -> send(next(), Duration.ZERO));
        }
    }

    /// The latest plan is the one that counts.
    private void plan(Duration delay, Runnable work) {
        var mine = ++turn;
        agenda.after(delay, Actor.EXCHANGE, () -> {
            if (mine == turn && !over) {
                work.run();
            }
        });
    }

    private boolean isNews() {
        return mailbox.history().subList(place, mailbox.end()).stream()
                .map(ModelMailbox.Change::kind)
                .anyMatch(kinds::contains);
    }

    private Letter next() {
        var end = place;
        var last = mailbox.watermark(end);
        var events = new ArrayList<String>();
        while (end < mailbox.end() && events.size() < MOST_EVENTS) {
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
        var message = WireMarkup.notification(id, told, end < mailbox.end(), events);
        var odd = dice.strikes(TroubleKind.CONTROL_CHARACTER, 20);
        return new Letter(odd ? WireMarkup.withControlCharacter(message) : message, last, end);
    }

    private void send(Letter next, Duration waited) {
        letter = Optional.of(next);
        if (begun && dice.strikes(TroubleKind.CALLBACK_SWALLOWED, 15)) {
            taken(next);
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
            case OK -> taken(next);
            case UNSUBSCRIBE -> over = true;
            case NONE -> again(next, waited);
        }
    }

    private void taken(Letter read) {
        letter = Optional.empty();
        heard = agenda.now();
        place = read.end();
        told = read.last();
        ring();
    }

    private void again(Letter same, Duration waited) {
        var next = waited.isZero() ? FIRST_RETRY : waited.multipliedBy(2);
        if (next.compareTo(request.statusFrequency()) > 0) {
            dice.count(TroubleKind.SUBSCRIPTION_DROPPED);
            over = true;
            return;
        }
        plan(next, () -> send(same, next));
    }
}
