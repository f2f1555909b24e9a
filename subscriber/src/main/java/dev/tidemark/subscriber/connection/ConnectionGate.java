package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.ews.ServerAffinity;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.store.ExchangeOffsets;
import dev.tidemark.store.MailboxLocationStore.MailboxLocation;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// The way to one Exchange organisation: so many requests at once, so many a second, the most urgent first,
/// and none within a pause that Exchange asks for. Safe for use by many threads.
public final class ConnectionGate implements ExchangeGateway {
    static final String PAUSED = "ConnectionPaused";

    private final EwsClient client;
    private final ConnectionLimits limits;
    private final RequestScheduler turns;
    private final BackoffTracker pauses;
    private final FaultAttribution attribution;
    private final ConnectionBackoffController consequences;
    private final ConnectionAvailability availability;
    private final ClockOffsetMonitor clockOffset;
    private final ConnectionStats tally = new ConnectionStats();
    private final Clock clock;
    private final Set<MailboxAddress> letThrough = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /// Collaborators of a gate: clock, randomness and timers, listener for availability, store of clock offsets,
    /// and mailboxes of the connection.
    public record Circumstances(
            Clock clock,
            DoubleSupplier chance,
            MonotonicTicker ticker,
            ConnectionAvailability.News news,
            ExchangeOffsets offsets,
            ConnectionMembers members) {}

    public ConnectionGate(
            String name,
            EwsClient client,
            ConnectionLimits limits,
            SubscriberStats total,
            Circumstances circumstances) {
        this.client = client;
        this.limits = limits;
        this.clock = circumstances.clock();
        this.clockOffset = new ClockOffsetMonitor(name, client.exchangeClock(), circumstances.offsets());
        this.pauses = new BackoffTracker(limits, clock, circumstances.chance());
        this.turns = new RequestScheduler(limits, this::obstacle, clock, circumstances.ticker());
        this.availability = new ConnectionAvailability(name, circumstances.news(), clock);
        this.attribution = new FaultAttribution(name, circumstances.members());
        this.consequences = new ConnectionBackoffController(
                name,
                limits.maxBackoff(),
                new ConnectionBackoffController.Levers(turns, pauses, attribution, availability),
                new ConnectionBackoffController.Counts(total, tally));
    }

    @Override
    public <R> SendResult<R> send(RequestPriority priority, MailboxAddress mailbox, EwsCall<R> call)
            throws InterruptedException {
        return inTurn(priority, mailbox, () -> client.send(mailbox, call));
    }

    /// Subscribes for a stream, by the server that holds the stream's other subscriptions.
    public SendResult<SubscribeResult> subscribe(
            MailboxAddress mailbox, EwsCall.SubscribeStreaming call, ServerAffinity affinity)
            throws InterruptedException {
        return inTurn(RequestPriority.SUBSCRIBE, mailbox, () -> client.send(mailbox, call, affinity));
    }

    /// Opens a stream of events, in the name of `mailbox`. Only opening it counts against the limits; the
    /// caller closes it.
    public SendResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request, ServerAffinity affinity)
            throws InterruptedException {
        return inTurn(RequestPriority.COMPENSATION, mailbox, () -> client.stream(mailbox, request, affinity));
    }

    private <R> SendResult<R> inTurn(RequestPriority priority, MailboxAddress mailbox, Supplier<EwsResult<R>> request)
            throws InterruptedException {
        try (var turn = enter(priority, mailbox)) {
            return turn.obstacle()
                    .map(ConnectionGate::<R>unsent)
                    .orElseGet(() -> new SendResult.Answered<>(turn.judge(request.get())));
        }
    }

    /// Which mailboxes a stream can serve together with this one, as far as it is known.
    public Optional<MailboxLocation> whereabouts(MailboxAddress mailbox) {
        return client instanceof AutodiscoverEwsClient discovering
                ? discovering.discovery().known(mailbox)
                : Optional.empty();
    }

    /// Returns the clock of this organization.
    public ExchangeClock exchangeClock() {
        return clockOffset.clock();
    }

    @Override
    public Optional<Instant> heldBackUntil(MailboxAddress mailbox) {
        return pauses.until(Optional.of(mailbox));
    }

    /// Until when nothing is sent for anybody.
    public Optional<Instant> heldBackUntil() {
        return pauses.until(Optional.empty());
    }

    /// Waits for a turn, or for an obstacle. The caller closes it after its request.
    public Turn enter(RequestPriority priority, MailboxAddress mailbox) throws InterruptedException {
        return new Turn(priority, mailbox, turns.enter(priority, Optional.of(mailbox)));
    }

    /// Sends what concerns no mailbox in particular, in its turn.
    <R> SendResult<R> sendForNobody(RequestPriority priority, Supplier<EwsResult<R>> request)
            throws InterruptedException {
        var pass = turns.enter(priority, Optional.empty());
        if (pass.obstacle().isPresent()) {
            return unsent(pass.obstacle().get());
        }
        try {
            return new SendResult.Answered<>(consequences.of(request.get(), priority, Optional.empty(), pass));
        } finally {
            turns.leave();
        }
    }

    /// Has the client ask again where mailboxes are served whose last answer is too old.
    public void refreshWhereabouts() throws InterruptedException {
        if (!(client instanceof AutodiscoverEwsClient discovering)) {
            return;
        }
        var discovery = discovering.discovery();
        var goesOn = true;
        // what is not sent must not count as a success
        while (goesOn && discovery.isAnyOld()) {
            goesOn = sendForNobody(RequestPriority.POLL, discovery::refresh)
                    instanceof SendResult.Answered<Integer>(EwsResult.Success<Integer> ignored);
        }
    }

    /// Runs `work`. Its requests for the mailbox ignore every back-off and use refused credentials again.
    public <T> T letThrough(MailboxAddress mailbox, Supplier<T> work) {
        letThrough.add(mailbox);
        client.retryCredentials();
        try {
            return work.get();
        } finally {
            letThrough.remove(mailbox);
        }
    }

    /// Returns true for a mailbox whose refusals are its own fault: others are served.
    public boolean failsAlone(MailboxAddress mailbox) {
        return attribution.failsAlone(mailbox);
    }

    /// Nothing is sent any more.
    public void stop() {
        stopped = true;
        turns.review();
    }

    public ConnectionBudget budget() {
        var now = clock.instant();
        var held = pauses.until(Optional.empty()).filter(now::isBefore);
        return tally.snapshot(
                limits, turns.levels(), held.map(until -> Duration.between(now, until)), pauses.mailboxes());
    }

    public ConnectionStatus status() {
        return availability.status(heldBackUntil());
    }

    /// The right to send one request, or the reason not to.
    public final class Turn implements AutoCloseable {
        private final RequestPriority priority;
        private final MailboxAddress mailbox;
        private final RequestScheduler.Permit pass;

        private Turn(RequestPriority priority, MailboxAddress mailbox, RequestScheduler.Permit pass) {
            this.priority = priority;
            this.mailbox = mailbox;
            this.pass = pass;
        }

        /// Why nothing is to be sent now, if so.
        public Optional<SubscriptionOutcome> obstacle() {
            return pass.obstacle();
        }

        public <R> EwsResult<R> send(EwsCall<R> call) {
            return judge(client.send(mailbox, call));
        }

        /// Does the same after [#send] has met a kept connection that was closed.
        public <R> EwsResult<R> sendOnNewConnection(EwsCall<R> call) {
            return judge(client.sendOnNewConnection(mailbox, call));
        }

        private <R> EwsResult<R> judge(EwsResult<R> answer) {
            clockOffset.check();
            return consequences.of(answer, priority, Optional.of(mailbox), pass);
        }

        @Override
        public void close() {
            if (pass.obstacle().isEmpty()) {
                turns.leave();
            }
        }
    }

    private Optional<SubscriptionOutcome> obstacle(Optional<MailboxAddress> mailbox) {
        if (stopped) {
            return Optional.of(new SubscriptionOutcome.Skipped("Tidemark is stopping"));
        }
        if (mailbox.filter(letThrough::contains).isPresent()) {
            return Optional.empty();
        }
        return pauses.until(mailbox)
                .map(until ->
                        new SubscriptionOutcome.RetryAt(until, PAUSED, "Exchange wants to be left alone until then"));
    }

    private static <R> SendResult<R> unsent(SubscriptionOutcome obstacle) {
        return obstacle instanceof SubscriptionOutcome.RetryAt retry
                ? new SendResult.HeldBack<>(retry.at(), retry.text())
                : new SendResult.Stopping<>();
    }
}
