package dev.tidemark.model;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.model.SimulatedAgenda.Actor;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Seeded history of days or weeks: changing mailboxes, and an Exchange, a network and a machine that fail. The
/// failures end before the history does, and then every promise must hold.
final class ModelHistory implements AutoCloseable {
    static final int MAILBOXES = 5;

    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    private static final List<Set<ChangeKind>> WISHES = List.of(
            Set.of(ChangeKind.NEW_MAIL),
            Set.of(ChangeKind.NEW_MAIL, ChangeKind.CREATED, ChangeKind.DELETED),
            Set.of(ChangeKind.NEW_MAIL, ChangeKind.CREATED, ChangeKind.DELETED, ChangeKind.MODIFIED, ChangeKind.MOVED));

    private final HistoryShape shape;
    private final SimulatedAgenda agenda = new SimulatedAgenda(START);
    private final SeededDice dice;
    private final Set<ChangeKind> wish;
    private final boolean clockIsSet;
    private final ModelExchange exchange;
    private final ModelReceiver receiver;
    private final ModelCore core;
    private final ScheduledTroubles troubles;

    ModelHistory(long seed, HistoryShape shape, ProductMutation mutation) {
        this(seed, shape, mutation, new MemoryDisk(seed));
    }

    /// @param disk place of the store, without content
    ModelHistory(long seed, HistoryShape shape, ProductMutation mutation, StoreMedium disk) {
        this.shape = shape;
        dice = new SeededDice(seed);
        wish = WISHES.get(dice.below(WISHES.size()));
        clockIsSet = dice.oneIn(3);
        exchange = new ModelExchange(agenda, dice, this::call);
        exchange.syncsComeFirst = mutation == ProductMutation.SYNCS_BEFORE_IT_SUBSCRIBES;
        receiver = new ModelReceiver(agenda, dice);
        receiver.answersFirst = mutation == ProductMutation.SAVES_POSITION_BEFORE_THE_ANSWER;
        var addresses = IntStream.range(0, MAILBOXES)
                .mapToObj(i -> new MailboxAddress("box" + i + "@example.com"))
                .toList();
        setClock();
        addresses.forEach(address -> seed(exchange.add(address.value())));
        var skew = Duration.ofSeconds(dice.below(120) - 60L);
        var plans = List.of(plan(Duration.ofHours(6)), plan(Duration.ofHours(5)));
        core = new ModelCore(
                new ModelCore.Parts(shape, disk, plans, addresses, agenda, dice, skew, mutation), exchange, receiver);
        troubles = new ScheduledTroubles(shape, agenda, dice, exchange, core, receiver);
        exchange.dies = troubles::diesInRequest;
    }

    /// Sets the clock of Exchange: right in half of all runs, hours off in the others, and sometimes changed
    /// later.
    private void setClock() {
        if (dice.oneIn(2)) {
            var ahead = Duration.ofMinutes(dice.below(600) - 300L);
            var happening = ahead.isNegative() ? TroubleKind.CLOCK_BEHIND : TroubleKind.CLOCK_AHEAD;
            if (dice.allows(happening)) {
                dice.count(happening);
                exchange.setClock(ahead);
            }
        }
    }

    /// Delivers mail that the daemon must not report. If a clock is set later, its date may have been hours off.
    private void seed(ModelMailbox mailbox) {
        var age = clockIsSet ? Duration.ofDays(2) : Duration.ofMinutes(30);
        IntStream.range(0, 3).forEach(i -> mailbox.seed(START.minus(age).minus(dice.upTo(Duration.ofHours(6)))));
    }

    private GroupSubscriptionConfig plan(Duration statusFrequency) {
        return new GroupSubscriptionConfig(
                "inboxes",
                CoreSettings.CONNECTION,
                List.of(new FolderRef.Distinguished("inbox")),
                wish,
                statusFrequency,
                URI.create("http://listener"));
    }

    SeededDice dice() {
        return dice;
    }

    /// Runs the history; returns the broken promises.
    List<String> run() {
        var span = shape.span();
        dice.setTroubleFactor(0);
        core.start();
        if (dice.oneIn(3)) {
            troubles.resync();
        }
        agenda.runUntil(START.plus(Duration.ofHours(1)));
        dice.setTroubleFactor(1);
        IntStream.range(0, shape.changes())
                .forEach(ignored -> agenda.after(dice.delayWithin(span), Actor.EXCHANGE, this::change));
        troubles.plan();
        if (clockIsSet) {
            agenda.after(dice.delayWithin(span), Actor.EXCHANGE, () -> {
                dice.count(TroubleKind.CLOCK_SET);
                setClock();
            });
        }
        agenda.runUntil(agenda.now().plus(span));
        while (troubles.lastUntil().isAfter(agenda.now())) {
            agenda.runUntil(troubles.lastUntil());
        }
        makePeace();
        agenda.runUntil(agenda.now().plus(shape.peace()));
        return Stream.of(
                        troubles.complaints().stream(),
                        new PromiseChecker(wish, exchange, receiver).faults().stream(),
                        miscounted(core.store().mailboxes()))
                .flatMap(Function.identity())
                .toList();
    }

    /// Compares the counts that the store keeps with a walk over all mailboxes.
    private static Stream<String> miscounted(MailboxRegistry mailboxes) {
        var walked = mailboxes.all().stream()
                .collect(Collectors.groupingBy(mailbox -> mailbox.state().label(), Collectors.counting()));
        var counts = mailboxes.countsByState();
        return counts.equals(walked)
                ? Stream.empty()
                : Stream.of("The store counts " + counts + ", and its mailboxes are " + walked);
    }

    private void change() {
        var mailbox = dice.oneOf(List.copyOf(exchange.mailboxes()));
        var now = agenda.now();
        // changes only items that the receiver knows, because an unseen item that vanishes cannot be reported
        var known = mailbox.items().stream().filter(receiver::knows).toList();
        var kind = known.isEmpty() ? 0 : dice.below(100);
        if (kind < 65) {
            arrive(mailbox, kind < 55);
        } else if (kind < 78) {
            mailbox.modify(dice.oneOf(known), now);
        } else if (kind < 92) {
            mailbox.delete(dice.oneOf(known), now);
        } else {
            mailbox.moveAway(dice.oneOf(known), now);
        }
        exchange.changed(mailbox);
    }

    private void arrive(ModelMailbox mailbox, boolean mail) {
        if (mail && dice.strikes(TroubleKind.CORRUPT_ITEM, 40)) {
            mailbox.arriveCorrupt(dice.oneOf(List.of(CorruptItem.values())), agenda.now());
        } else if (dice.strikes(TroubleKind.ODD_ITEM, 60)) {
            var oddity = dice.oneIn(2) ? UnusualItem.CONTROL_CHARACTER : UnusualItem.TRAILING_ELEMENT;
            mailbox.arrive(mail, oddity, agenda.now());
        } else {
            mailbox.arrive(mail, UnusualItem.NONE, agenda.now());
        }
    }

    private void makePeace() {
        dice.setTroubleFactor(0);
        receiver.down(false);
        core.healDisk();
        troubles.startAgain();
        for (var mailbox : exchange.mailboxes()) {
            exchange.refusals().deny(mailbox, false);
            exchange.refusals().forbid(mailbox, false);
            exchange.stuck().end(mailbox);
            core.enrol(mailbox.address());
            core.operate(mailbox.address(), (store, id) -> store.mailboxes().resume(id));
        }
    }

    private NotificationLine.Reply call(URI url, String body) {
        if (!core.lives()) {
            dice.count(TroubleKind.CALLBACK_WHILE_DOWN);
        } else if (exchange.isGranting()) {
            dice.count(TroubleKind.CALLBACK_BEFORE_SUBSCRIBE_ANSWER);
        }
        return core.receive(url, body);
    }

    @Override
    public void close() {
        if (core.lives()) {
            core.stop();
        }
        core.releaseKilled();
    }
}
