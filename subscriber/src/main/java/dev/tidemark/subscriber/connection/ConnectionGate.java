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
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.connection.ExchangeGateway.SendResult;
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
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends all requests to one Exchange organization. Enforces the limits of concurrency and requests per second,
/// orders requests by priority and sends none during a back-off. The caller's thread blocks until its request is
/// done. Thread-safe.
public final class ConnectionGate implements ExchangeGateway {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGate.class);

    static final String BACKOFF_CODE = "ConnectionPaused";

    private final ReplaceableEwsClient client;
    private final RequestScheduler scheduler;
    private final BackoffTracker backoffs;
    private final FaultAttribution attribution;
    private final ConnectionBackoffController backoffController;
    private final ConnectionAvailability availability;
    private final ClockOffsetMonitor clockOffset;
    private final ConnectionStats stats = new ConnectionStats();
    private final Clock clock;
    private final Set<MailboxAddress> ignoringBackoff = ConcurrentHashMap.newKeySet();
    private final String name;
    private volatile ConnectionLimits limits;
    private volatile Optional<OperatorPause> pause = Optional.empty();
    private volatile boolean stopped;

    /// Clock, randomness and timers of a gate, journal for its events, store of clock offsets, and mailboxes of
    /// the connection.
    public record Dependencies(
            Clock clock,
            DoubleSupplier random,
            MonotonicTicker ticker,
            ConnectionAvailability.InstanceEventJournal events,
            ExchangeOffsets offsets,
            ConnectionMembers members) {}

    public ConnectionGate(
            String name, EwsClient client, ConnectionLimits limits, SubscriberStats total, Dependencies dependencies) {
        this.name = name;
        this.client = new ReplaceableEwsClient(client);
        this.limits = limits;
        this.clock = dependencies.clock();
        this.clockOffset = new ClockOffsetMonitor(name, client.exchangeClock(), dependencies.offsets());
        this.backoffs = new BackoffTracker(limits, clock, dependencies.random());
        this.scheduler = new RequestScheduler(limits, this::obstacle, clock, dependencies.ticker());
        this.availability = new ConnectionAvailability(name, dependencies.events(), clock);
        this.attribution = new FaultAttribution(name, dependencies.members());
        this.backoffController = new ConnectionBackoffController(
                name,
                () -> this.limits.maxBackoff(),
                new ConnectionBackoffController.Collaborators(scheduler, backoffs, attribution, availability),
                new ConnectionBackoffController.Counts(total, stats));
    }

    @Override
    public <R> SendResult<R> send(RequestPriority priority, MailboxAddress mailbox, EwsCall<R> call)
            throws InterruptedException {
        return inTurn(priority, mailbox, () -> client.send(mailbox, call));
    }

    @Override
    public <R> SendResult<R> sendAsAccount(RequestPriority priority, MailboxAddress about, EwsCall<R> call)
            throws InterruptedException {
        return sendWithoutMailbox(priority, () -> client.sendAsAccount(about, call));
    }

    /// Subscribes a mailbox for a stream, at the server that holds the other subscriptions of the stream.
    public SendResult<SubscribeResult> subscribe(
            MailboxAddress mailbox, EwsCall.SubscribeStreaming call, ServerAffinity affinity)
            throws InterruptedException {
        return inTurn(RequestPriority.SUBSCRIBE, mailbox, () -> client.send(mailbox, call, affinity));
    }

    /// Opens a stream of events in the name of `mailbox`. Only the opening counts against the limits. The caller
    /// closes the stream.
    public SendResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request, ServerAffinity affinity)
            throws InterruptedException {
        return inTurn(RequestPriority.COMPENSATION, mailbox, () -> client.stream(mailbox, request, affinity));
    }

    private <R> SendResult<R> inTurn(RequestPriority priority, MailboxAddress mailbox, Supplier<EwsResult<R>> request)
            throws InterruptedException {
        try (var turn = awaitTurn(priority, mailbox)) {
            return turn.obstacle()
                    .map(ConnectionGate::<R>unsent)
                    .orElseGet(() -> new SendResult.Answered<>(turn.applyResponse(request.get())));
        }
    }

    /// Returns the known location of the mailbox, which decides the mailboxes that share a stream with it.
    public Optional<MailboxLocation> location(MailboxAddress mailbox) {
        return client.use(used -> used instanceof AutodiscoverEwsClient discovering
                ? discovering.locator().known(mailbox)
                : Optional.empty());
    }

    /// Returns the clock of this organization.
    public ExchangeClock exchangeClock() {
        return clockOffset.clock();
    }

    @Override
    public Optional<Instant> backoffUntil(MailboxAddress mailbox) {
        return backoffUntil(Optional.of(mailbox));
    }

    /// Returns the end of the back-off of the whole connection.
    public Optional<Instant> backoffUntil() {
        return backoffUntil(Optional.empty());
    }

    private Optional<Instant> backoffUntil(Optional<MailboxAddress> mailbox) {
        return Stream.concat(backoffs.pausedUntil(mailbox).stream(), activePause().map(OperatorPause::until).stream())
                .max(Instant::compareTo);
    }

    private Optional<OperatorPause> activePause() {
        return pause.filter(each -> each.isActive(clock.instant()));
    }

    /// Sends nothing until then. Requests in flight end.
    public void pause(Instant until) {
        pause = Optional.of(new OperatorPause(clock.instant(), until));
        LOG.info("Connection {} is paused until {}", name, until);
        scheduler.recheckQueue();
    }

    /// Ends a pause by [#pause].
    public void resume() {
        if (activePause().isPresent()) {
            LOG.info("Connection {} is resumed", name);
        }
        pause = Optional.empty();
        scheduler.recheckQueue();
    }

    /// Waits for a turn, or for an obstacle. The caller closes the turn after the request.
    public Turn awaitTurn(RequestPriority priority, MailboxAddress mailbox) throws InterruptedException {
        return new Turn(priority, mailbox, scheduler.acquire(priority, Optional.of(mailbox)));
    }

    /// Sends a request that concerns no particular mailbox, in its turn.
    <R> SendResult<R> sendWithoutMailbox(RequestPriority priority, Supplier<EwsResult<R>> request)
            throws InterruptedException {
        var permit = scheduler.acquire(priority, Optional.empty());
        if (permit.obstacle().isPresent()) {
            return unsent(permit.obstacle().get());
        }
        try {
            return new SendResult.Answered<>(
                    backoffController.apply(request.get(), priority, Optional.empty(), permit));
        } finally {
            scheduler.release();
        }
    }

    /// Runs autodiscover for the mailboxes with an outdated location, within the limits of the connection.
    public void refreshLocations() throws InterruptedException {
        var succeeded = true;
        // a request that was not sent must not count as a success
        while (succeeded && client.use(ConnectionGate::hasOutdated)) {
            succeeded = sendWithoutMailbox(RequestPriority.POLL, () -> client.use(ConnectionGate::refresh))
                    instanceof SendResult.Answered<Integer>(EwsResult.Success<Integer> ignored);
        }
    }

    private static boolean hasOutdated(EwsClient client) {
        return client instanceof AutodiscoverEwsClient discovering
                && discovering.locator().hasOutdated();
    }

    private static EwsResult<Integer> refresh(EwsClient client) {
        return client instanceof AutodiscoverEwsClient discovering
                ? discovering.locator().refresh()
                : new EwsResult.Success<>(0);
    }

    /// Uses `next` for new requests, and tries again at once whatever failed with the client before.
    public void replaceClient(EwsClient next) {
        client.replace(next);
        backoffs.clear();
        scheduler.setSequential(false);
        scheduler.recheckQueue();
    }

    /// Applies `next` to new requests.
    public void setLimits(ConnectionLimits next) {
        limits = next;
        backoffs.setLimits(next);
        scheduler.setLimits(next);
    }

    /// Ends requests and streams in progress and closes the client.
    public void close() {
        client.close();
    }

    /// Runs `work`. Its requests for the mailbox ignore every back-off and use refused credentials again.
    public <T> T runIgnoringBackoff(MailboxAddress mailbox, Supplier<T> work) {
        ignoringBackoff.add(mailbox);
        client.retryCredentials();
        try {
            return work.get();
        } finally {
            ignoringBackoff.remove(mailbox);
        }
    }

    /// Returns true for a mailbox whose refusals are its own fault, because others are served.
    public boolean failsAlone(MailboxAddress mailbox) {
        return attribution.failsAlone(mailbox);
    }

    /// Stops sending. Waiting callers return with [SubscriptionOutcome.Skipped].
    public void stop() {
        stopped = true;
        scheduler.recheckQueue();
    }

    public ConnectionBudget budget() {
        var now = clock.instant();
        var held = backoffs.pausedUntil(Optional.empty()).filter(now::isBefore);
        return stats.snapshot(
                limits,
                scheduler.levels(),
                held.map(until -> Duration.between(now, until)),
                backoffs.pausedMailboxes());
    }

    public ConnectionStatus status() {
        return activePause().map(active -> active.status(name)).orElseGet(() -> availability.status(backoffUntil()));
    }

    /// Permission to send a request, or the obstacle to it.
    public final class Turn implements AutoCloseable {
        private final RequestPriority priority;
        private final MailboxAddress mailbox;
        private final RequestScheduler.Permit permit;

        private Turn(RequestPriority priority, MailboxAddress mailbox, RequestScheduler.Permit permit) {
            this.priority = priority;
            this.mailbox = mailbox;
            this.permit = permit;
        }

        /// Returns the obstacle, if the caller must not send now.
        public Optional<SubscriptionOutcome> obstacle() {
            return permit.obstacle();
        }

        public <R> EwsResult<R> send(EwsCall<R> call) {
            return applyResponse(client.send(mailbox, call));
        }

        /// Sends the request again on a new connection, after [#send] used a kept connection that was closed.
        public <R> EwsResult<R> sendOnNewConnection(EwsCall<R> call) {
            return applyResponse(client.sendOnNewConnection(mailbox, call));
        }

        private <R> EwsResult<R> applyResponse(EwsResult<R> result) {
            clockOffset.check();
            return backoffController.apply(result, priority, Optional.of(mailbox), permit);
        }

        @Override
        public void close() {
            if (permit.obstacle().isEmpty()) {
                scheduler.release();
            }
        }
    }

    private Optional<SubscriptionOutcome> obstacle(Optional<MailboxAddress> mailbox) {
        if (stopped) {
            return Optional.of(new SubscriptionOutcome.Skipped("Tidemark is stopping"));
        }
        var paused = activePause();
        if (paused.isPresent()) {
            return Optional.of(new SubscriptionOutcome.RetryAt(
                    paused.get().until(), BACKOFF_CODE, "An operator paused the connection until then"));
        }
        if (mailbox.filter(ignoringBackoff::contains).isPresent()) {
            return Optional.empty();
        }
        return backoffs.pausedUntil(mailbox)
                .map(until -> new SubscriptionOutcome.RetryAt(
                        until, BACKOFF_CODE, "The connection or mailbox backs off until then"));
    }

    private static <R> SendResult<R> unsent(SubscriptionOutcome obstacle) {
        return obstacle instanceof SubscriptionOutcome.RetryAt retry
                ? new SendResult.BackedOff<>(retry.at(), retry.text())
                : new SendResult.Stopping<>();
    }
}
