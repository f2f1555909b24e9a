package dev.tidemark.listener;

import dev.tidemark.ews.codec.NotificationCodec;
import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.CompensationTrigger;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.tracing.EventTracer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Receives the callbacks of Exchange at `{public-url}/ews/notifications/{token}`. Acknowledges each one after
/// the store has it on disk. Started and closed by the daemon. Thread-safe.
///
/// Stop in this order: [#drain] at the signal, then all other work, then [#close], then the store. After
/// [#drain], callbacks are accepted for `drain` and get 503 from then on.
public final class CallbackListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackListener.class);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(10);
    private static final long MIN_BYTES = 32L * 1024 * 1024;
    private static final int KEY_LENGTH = 32;

    private final ListenerLifecycle lifecycle = new ListenerLifecycle(System::nanoTime);
    private final ListenerStats stats = new ListenerStats();
    private final InFlightLimiter limiter;
    private final CallbackProbeRegistry probes = new CallbackProbeRegistry();
    private final CallbackTokenCodec tokens;
    private final CallbackAcknowledger acknowledger;
    private final DecoderPool decoders;
    private final ServerIdentity identity;
    private final CallbackServer server;
    private final CallbackAdmissionPolicy admissionPolicy;
    private final PeriodicTaskRunner housekeeper;
    private volatile ListenerConfig config;

    private CallbackListener(
            ListenerConfig config,
            CallbackIntake intake,
            CallbackTokenCodec tokens,
            CompensationTrigger compensationTrigger,
            CallbackSkipReporter skipReporter,
            EventTracer tracer,
            Clock clock) {
        this.config = config;
        this.tokens = tokens;
        var codec = new NotificationCodec();
        limiter = new InFlightLimiter(limitsInFlight(config));
        acknowledger = new CallbackAcknowledger(codec::encode, compensationTrigger, probes, stats);
        var committer = new GroupCommitter(intake, stats, acknowledger::submit);
        var decoder = new CallbackDecoder(codec::decode, intake, compensationTrigger, skipReporter, stats, tracer);
        decoders = DecoderPool.of(config.decoders(), decoder, committer::commit, stats);
        var dependencies =
                new CallbackBodyReader.Dependencies(config.maxBody(), limiter, stats, clock, decoders::submit);
        admissionPolicy = new CallbackAdmissionPolicy(
                config.pathPrefix(), addressFilter(config), tokens, lifecycle, intake, dependencies);
        identity = new ServerIdentity(config.tls());
        server = new CallbackServer(config, identity, addressFilter(config), admissionPolicy, lifecycle, stats);
        housekeeper = new PeriodicTaskRunner(housekeepingInterval(config), this::runHousekeeping, stats.faults);
    }

    /// Opens the listener. On return it accepts callbacks.
    ///
    /// @throws ListenerException if the address is taken, a range is invalid, or the certificate cannot be used
    public static CallbackListener start(
            ListenerConfig config,
            WatermarkStore store,
            CallbackTokenCodec tokens,
            CompensationTrigger compensationTrigger,
            Clock clock) {
        return start(config, store, tokens, compensationTrigger, (mailbox, parts) -> {}, EventTracer.OFF, clock);
    }

    /// Opens the listener, as above.
    ///
    /// @param skipReporter receives the parts of callbacks that are passed over
    /// @param tracer records the callbacks that bring events
    public static CallbackListener start(
            ListenerConfig config,
            WatermarkStore store,
            CallbackTokenCodec tokens,
            CompensationTrigger compensationTrigger,
            CallbackSkipReporter skipReporter,
            EventTracer tracer,
            Clock clock) {
        return new CallbackListener(config, store.intake(), tokens, compensationTrigger, skipReporter, tracer, clock)
                .start();
    }

    /// Opens a listener that stores nothing and serves only probes. It knows the tokens of no other process, so
    /// Exchange repeats callbacks of existing subscriptions later.
    ///
    /// @throws ListenerException as the other methods do
    public static CallbackListener startForProbes(ListenerConfig config, Clock clock) {
        var key = new byte[KEY_LENGTH];
        new SecureRandom().nextBytes(key);
        return new CallbackListener(
                        config,
                        new ProbeOnlyIntake(),
                        new CallbackTokenCodec(key, List.of()),
                        mailbox -> {},
                        (mailbox, parts) -> {},
                        EventTracer.OFF,
                        clock)
                .start();
    }

    /// Reports all heartbeats of live subscriptions from now on.
    public void reportHeartbeatsTo(HeartbeatReceiver receiver) {
        acknowledger.reportHeartbeatsTo(receiver);
    }

    /// Opens a probe. The caller lets Exchange call its URL and closes it.
    public CallbackProbe openProbe() {
        return probes.open();
    }

    /// Returns the path of the callback URL of an attempt, below the public URL.
    public String callbackPath(AttemptId attempt) {
        return CallbackAdmissionPolicy.PATH + tokens.mint(attempt);
    }

    private static ClientAddressFilter addressFilter(ListenerConfig config) {
        return new ClientAddressFilter(AddressRanges.of(config.allowFrom()), AddressRanges.of(config.trustedProxies()));
    }

    /// Checks other settings and reads their certificate. Returns the action that uses them; it cannot fail. Only
    /// the settings of [ListenerConfig#withLiveSettings] may differ.
    ///
    /// @throws ListenerException if a range is invalid or the certificate cannot be used
    public Runnable prepare(ListenerConfig next) {
        var filter = addressFilter(next);
        var certificate = identity.prepare(next.tls());
        return () -> {
            config = next;
            limiter.setLimits(limitsInFlight(next));
            admissionPolicy.setLimits(filter, next.maxBody());
            server.connections().setLimits(next.connections(), filter);
            certificate.run();
        };
    }

    /// Returns the port in use, also if the configured port is 0.
    public int port() {
        return server.port();
    }

    public ListenerCounters counters() {
        return stats.snapshot(limiter.inFlight(), server.connections().count());
    }

    /// Makes the health path return 503 from now on. Callbacks are accepted for `drain`, then get 503. Returns
    /// at once; a second call changes nothing.
    public void drain() {
        if (lifecycle.drain(config.drain())) {
            LOG.info(
                    "Draining: accepting callbacks for another {} ms, then responding 503",
                    config.drain().toMillis());
        }
    }

    /// Waits for the end of the drain, then accepts nothing more, stores and responds to all accepted
    /// callbacks, and stops. A second call does nothing.
    @Override
    public void close() {
        awaitDrained();
        if (!lifecycle.close()) {
            return;
        }
        awaitResponses();
        housekeeper.close();
        server.close();
        decoders.close();
        acknowledger.close();
        LOG.info("Closed the listener");
    }

    private CallbackListener start() {
        server.start();
        acknowledger.start();
        decoders.start();
        housekeeper.start();
        LOG.info("Accepting callbacks on {}:{}", config.host(), port());
        return this;
    }

    private void runHousekeeping() {
        server.connections().closeOverdue();
        identity.reload();
    }

    /// Returns the interval of housekeeping: a quarter of the idle timeout, so no timeout is exceeded by more
    /// than that.
    private static Duration housekeepingInterval(ListenerConfig config) {
        return Duration.ofMillis(Math.clamp(config.idleTimeout().toMillis() / 4, 10, 1000));
    }

    private void awaitDrained() {
        try {
            Thread.sleep(lifecycle.remainingDrain());
        } catch (InterruptedException expected) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitResponses() {
        try {
            if (!limiter.awaitEmpty(RESPONSE_TIMEOUT)) {
                LOG.warn(
                        "Abandoned {} callbacks: they were not received and stored within {} s",
                        limiter.inFlight(),
                        RESPONSE_TIMEOUT.toSeconds());
            }
        } catch (InterruptedException expected) {
            Thread.currentThread().interrupt();
        }
    }

    /// Limits bodies to an eighth of the memory, also if `queue` times `max-body` is more. Those of one mailbox get an
    /// eighth of that: Exchange sends one at a time, and a replaced subscription may send another.
    private static InFlightLimiter.Limits limitsInFlight(ListenerConfig config) {
        var two = 2L * config.maxBody();
        var bytes = Math.max(Math.max(MIN_BYTES, two), Runtime.getRuntime().maxMemory() / 8);
        return new InFlightLimiter.Limits(config.queue(), bytes, Math.max(two, bytes / 8));
    }
}
