package dev.tidemark.model;

import dev.tidemark.compensator.AgendaCompensator;
import dev.tidemark.compensator.AgendaCompensator.Agenda;
import dev.tidemark.compensator.AgendaCompensator.Timetable;
import dev.tidemark.compensator.Compensator;
import dev.tidemark.ews.codec.NotificationCodec;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.forwarder.SteppedSink;
import dev.tidemark.model.SimulatedAgenda.Actor;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.subscriber.SeededSubscribers;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/// Daemon's core, wired as in the daemon but stepped by the agenda: a real store, subscriber, compensator and
/// sink. It may be killed at any time, even while it waits for Exchange.
final class ModelCore {
    private static final int PAGE = 500;
    /// Delay of a sink's next step after a failed one.
    private static final Duration STEP_BACKOFF = Duration.ofSeconds(5);
    private static final Duration HEARTBEATS_SAVED = Duration.ofSeconds(2);
    /// Longer than in the product, because a disk may fail for an hour.
    private static final Duration HEARTBEATS_SAVED_AGAIN = Duration.ofMinutes(1);
    private static final NotificationCodec CODEC = new NotificationCodec();

    /// Run of the daemon from a start to a stop or a kill.
    private record Run(WatermarkStore store, Compensator compensator, SteppedSink sink, Runnable fold) {}

    private final HistoryShape shape;
    private final StoreMedium disk;
    private final List<GroupSubscriptionConfig> plans;
    private GroupSubscriptionConfig plan;
    private final List<MailboxAddress> addresses;
    private final ModelExchange exchange;
    private final ModelReceiver receiver;
    private final SimulatedAgenda agenda;
    private final SeededDice dice;
    private final Clock clock;
    private final boolean storesLate;
    private final Deque<VerifiedCallback> unstored = new ArrayDeque<>();
    private Optional<Run> life = Optional.empty();
    private Optional<WatermarkStore> orphan = Optional.empty();
    private int lives;
    private Instant sinkPlanned = Instant.MAX;
    private Instant endedAt = Instant.MAX;
    private Instant diskFailedAt = Instant.MIN;

    ModelCore(Parts parts, ModelExchange exchange, ModelReceiver receiver) {
        this.shape = parts.shape();
        this.disk = parts.disk();
        this.plans = parts.plans();
        this.plan = plans.getFirst();
        this.addresses = parts.addresses();
        this.agenda = parts.agenda();
        this.dice = parts.dice();
        this.storesLate = parts.mutation() == ProductMutation.STORES_AFTER_ACKNOWLEDGING;
        this.clock = agenda.clock(parts.skew());
        this.exchange = exchange;
        this.receiver = receiver;
    }

    /// Parts of a core.
    ///
    /// @param plans possible settings of the only group; some starts use another one
    /// @param skew offset of its clock from Exchange's
    record Parts(
            HistoryShape shape,
            StoreMedium disk,
            List<GroupSubscriptionConfig> plans,
            List<MailboxAddress> addresses,
            SimulatedAgenda agenda,
            SeededDice dice,
            Duration skew,
            ProductMutation mutation) {}

    boolean lives() {
        return life.isPresent();
    }

    /// Returns a number that changes with each start and each end.
    int life() {
        return lives;
    }

    /// Returns whether there is a daemon that must serve the mailbox.
    boolean serves(String address) {
        return life.flatMap(now -> now.store().mailboxes().find(new MailboxAddress(address)))
                .filter(mailbox -> !(mailbox.state() instanceof MailboxState.Paused))
                .isPresent();
    }

    /// Returns the store of the current run.
    WatermarkStore store() {
        return life.orElseThrow().store();
    }

    /// Starts the daemon, unless its disk fails.
    void start() {
        releaseKilled();
        plan = dice.oneIn(3) ? dice.oneOf(plans) : plan;
        tryStore(() -> {
            var opened = disk.open(clock, CoreSettings.MARGIN, dice.random());
            if (!tryStore(() -> start(opened))) {
                tryStore(opened.store()::close);
                end();
            }
        });
    }

    private void start(StoreMedium.Opened opened) {
        var store = opened.store();
        store.mailboxes()
                .enrolAll(addresses.stream()
                        .collect(Collectors.toMap(
                                address -> address, ignored -> new GroupMembership(plan.name(), false))));
        reportExpired(store);
        var number = ++lives;
        var sink = SteppedSink.open(plan.name(), store, clock, receiver);
        var subscriber = SeededSubscribers.of(
                CoreSettings.subscriber(plan),
                Map.of(plan.connection(), new ModelConnection(exchange, clock)),
                store,
                ModelCore::url,
                clock,
                dice::fraction);
        Timetable timetable = (delay, work) -> plan(number, delay, work);
        var compensator = AgendaCompensator.start(
                CoreSettings.COMPENSATOR,
                subscriber,
                store,
                clock,
                new Agenda(
                        timetable,
                        work -> timetable.after(CoreSettings.COMPENSATION_DELAY, work),
                        CoreSettings.INTERVAL_FACTOR,
                        dice::spread));
        life = Optional.of(new Run(store, compensator, sink, opened.fold()));
        wakeSink();
    }

    /// Reports events that retention may remove before the sink delivers them, because the daemon was down for
    /// too long.
    private void reportExpired(WatermarkStore store) {
        var limit = clock.instant().minus(CoreSettings.COMPENSATOR.retention().undelivered());
        if (endedAt.isBefore(limit)) {
            var page = store.journal().read(JournalPosition.START, PAGE);
            while (!page.isEmpty()) {
                page.stream()
                        .filter(event -> event.recordedAt().isBefore(limit))
                        .forEach(receiver::mayExpire);
                page = store.journal().read(page.getLast().position(), PAGE);
            }
        }
    }

    /// Runs work on the store; returns false if its disk failed meanwhile, so that the store refused the work.
    private boolean tryStore(Runnable work) {
        try {
            work.run();
            return true;
        } catch (StoreException refused) {
            if (refused.getMessage().contains("damaged")) {
                throw new AssertionError("A disk that keeps its promises does no damage.", refused);
            }
            dice.count(TroubleKind.STORE_REFUSED);
            return false;
        }
    }

    /// Makes the disk fail some writes and forces.
    void failDisk(int after, int count) {
        diskFailedAt = agenda.now();
        disk.failWrites(after, count);
    }

    void healDisk() {
        disk.heal();
    }

    /// Returns the time at which the disk last began or ended to fail.
    Instant diskFailedAt() {
        return diskFailedAt;
    }

    /// Performs an operator's action on a mailbox if a daemon is running. Returns false if the store refused it.
    boolean operate(String address, BiConsumer<WatermarkStore, MailboxId> work) {
        return tryStore(() -> life.ifPresent(now -> now.store()
                .mailboxes()
                .find(new MailboxAddress(address))
                .map(Mailbox::id)
                .ifPresent(id -> {
                    work.accept(now.store(), id);
                    now.compensator().raise(id);
                    wakeSink();
                })));
    }

    /// Adds a removed mailbox again.
    void enrol(String address) {
        tryStore(() -> life.ifPresent(now -> now.compensator()
                .raise(now.store()
                        .mailboxes()
                        .enrol(new MailboxAddress(address), new GroupMembership(plan.name(), false))
                        .id())));
    }

    private void plan(int owner, Duration delay, Runnable work) {
        if (owner == lives) {
            agenda.after(delay, Actor.DAEMON, () -> {
                work.run();
                wakeSink();
            });
        }
    }

    /// Kills the daemon, often with its machine: only the disk's content remains.
    void kill() {
        if (TroubleKind.DISK_FAULTS && dice.strikes(TroubleKind.POWER_CUT, 500)) {
            disk.cutPower();
        } else {
            disk.kill();
        }
        orphan = life.map(Run::store);
        end();
    }

    /// Stops the daemon and abandons all work in flight, as after the stop's time limit.
    void stop() {
        life.ifPresent(stopped -> {
            stopped.compensator().close();
            tryStore(stopped.sink()::close);
            tryStore(stopped.store()::close);
        });
        end();
    }

    /// Releases the resources of a killed run.
    void releaseKilled() {
        orphan.ifPresent(WatermarkStore::close);
        orphan = Optional.empty();
    }

    private void end() {
        // a start that failed does not end a life
        endedAt = life.isPresent() ? clock.instant() : endedAt;
        life = Optional.empty();
        lives++;
        unstored.clear();
        sinkPlanned = Instant.MAX;
        agenda.forget(Actor.DAEMON);
    }

    /// Processes a callback as the listener does.
    NotificationLine.Reply receive(URI url, String body) {
        return life.map(now -> receive(now, url, body)).orElse(NotificationLine.Reply.NONE);
    }

    private NotificationLine.Reply receive(Run now, URI url, String body) {
        try {
            var message = CODEC.decode(body.getBytes(StandardCharsets.UTF_8));
            return receive(now, new VerifiedCallback(attempt(url), message, clock.instant(), "192.0.2.1"));
        } catch (StoreException refused) {
            dice.count(TroubleKind.STORE_REFUSED);
            return NotificationLine.Reply.NONE;
        } catch (MalformedMessageException refused) {
            return NotificationLine.Reply.NONE;
        }
    }

    private NotificationLine.Reply receive(Run now, VerifiedCallback callback) {
        if (storesLate) {
            unstored.add(callback);
            agenda.after(Duration.ofMinutes(1), Actor.DAEMON, this::storeAtLast);
            return NotificationLine.Reply.OK;
        }
        var receipt = record(now, callback);
        if (receipt instanceof IntakeOutcome.Gap || receipt instanceof IntakeOutcome.Ended) {
            now.compensator().raise(callback.attempt().mailbox());
        }
        saveHeartbeats(now);
        wakeSink();
        return receipt instanceof IntakeOutcome.Superseded
                ? NotificationLine.Reply.UNSUBSCRIBE
                : NotificationLine.Reply.OK;
    }

    /// Saves heartbeats as the store's housekeeping does, or after few callbacks only.
    private void saveHeartbeats(Run now) {
        if (!shape.losesHeartbeats()) {
            saveHeartbeats(now, HEARTBEATS_SAVED);
        } else if (dice.oneIn(20)) {
            now.fold().run();
        }
    }

    private void saveHeartbeats(Run now, Duration delay) {
        agenda.after(delay, Actor.DAEMON, () -> {
            if (!tryStore(now.fold())) {
                saveHeartbeats(now, HEARTBEATS_SAVED_AGAIN);
            }
        });
    }

    private void storeAtLast() {
        Optional.ofNullable(unstored.poll())
                .ifPresent(callback -> life.ifPresent(now -> tryStore(() -> record(now, callback))));
        wakeSink();
    }

    private static IntakeOutcome record(Run now, VerifiedCallback callback) {
        return now.store().intake().record(List.of(callback)).getFirst();
    }

    private static URI url(AttemptId attempt, String group) {
        return URI.create("http://" + group + "/" + attempt.mailbox() + "/" + attempt.number());
    }

    private static AttemptId attempt(URI url) {
        var parts = url.getPath().split("/", -1);
        return new AttemptId(new MailboxId(parts[1]), Long.parseLong(parts[2]));
    }

    /// Wakes the sink soon after a write or a finished delivery, as the journal's signal does.
    void wakeSink() {
        wakeSink(Duration.ofMillis(20));
    }

    private void wakeSink(Duration delay) {
        var at = agenda.now().plus(delay);
        if (life.isPresent() && at.isBefore(sinkPlanned)) {
            sinkPlanned = at;
            var sink = life.get().sink();
            agenda.after(delay, Actor.DAEMON, () -> {
                sinkPlanned = Instant.MAX;
                if (!tryStore(() -> wakeSink(Duration.between(
                        clock.instant(), earlier(sink.step(), clock.instant().plus(CoreSettings.LIFETIME)))))) {
                    wakeSink(STEP_BACKOFF);
                }
            });
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
