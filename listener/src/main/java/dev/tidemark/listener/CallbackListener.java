package dev.tidemark.listener;

import dev.tidemark.ews.codec.NotificationCodec;
import dev.tidemark.store.CompensationTrigger;
import dev.tidemark.store.WatermarkStore;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the call-backs of Exchange at `{public-url}/ews/notifications/{token}`, and acknowledges each once
/// the store has it on disk. Safe for use by many threads.
///
/// To stop in order: [#drain] when the signal comes, then whatever else has to end, [#close] before the store
/// is closed. Between the two, call-backs are taken for `drain`, and answered 503 from then on.
public final class CallbackListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackListener.class);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(10);
    private static final long MIN_BYTES = 32L * 1024 * 1024;

    private final ListenerConfig config;
    private final ListenerLifecycle lifecycle = new ListenerLifecycle(System::nanoTime);
    private final ListenerStats stats = new ListenerStats();
    private final InFlightLimiter limiter;
    private final CallbackAcknowledger acknowledger;
    private final DecoderPool decoders;
    private final CallbackServer server;
    private final PeriodicTaskRunner housekeeper;

    private CallbackListener(
            ListenerConfig config,
            WatermarkStore store,
            CallbackTokenCodec tokens,
            CompensationTrigger alarm,
            CallbackSkipReporter skips,
            Clock clock) {
        this.config = config;
        var codec = new NotificationCodec();
        limiter = new InFlightLimiter(config.queue(), maxBytesInFlight(config));
        acknowledger = new CallbackAcknowledger(codec::encode, alarm, stats);
        var committer = new GroupCommitter(store.intake(), stats, acknowledger::submit);
        var decoder = new CallbackDecoder(codec::decode, store.intake(), alarm, skips, stats);
        decoders = DecoderPool.of(config.decoders(), decoder, committer::commit, stats);
        var callers = new ClientAddressFilter(
                AddressRanges.of(config.allowFrom()), AddressRanges.of(config.trustedProxies()));
        var frame = new CallbackBodyReader.Dependencies(config.maxBody(), limiter, stats, clock, decoders::submit);
        var reception = new CallbackAdmissionPolicy(config.pathPrefix(), callers, tokens, lifecycle, store.intake(), frame);
        server = new CallbackServer(config, reception, lifecycle, stats);
        housekeeper = new PeriodicTaskRunner(housekeepingInterval(config), this::runHousekeeping, stats.faults);
    }

    /// Opens the listener; on return it takes call-backs.
    ///
    /// @throws ListenerException if the address is taken, a range is none, or the certificate cannot be used
    public static CallbackListener start(
            ListenerConfig config,
            WatermarkStore store,
            CallbackTokenCodec tokens,
            CompensationTrigger alarm,
            Clock clock) {
        return start(config, store, tokens, alarm, (mailbox, parts) -> {}, clock);
    }

    /// Opens the listener, as above.
    ///
    /// @param skips receives the parts of callbacks that are passed over
    public static CallbackListener start(
            ListenerConfig config,
            WatermarkStore store,
            CallbackTokenCodec tokens,
            CompensationTrigger alarm,
            CallbackSkipReporter skips,
            Clock clock) {
        return new CallbackListener(config, store, tokens, alarm, skips, clock).start();
    }

    /// The port in use, also where 0 was asked for.
    public int port() {
        return server.port();
    }

    public ListenerCounters counters() {
        return stats.snapshot(limiter.inFlight());
    }

    /// The health path answers 503 from now on; call-backs are still taken for `drain`, then answered 503.
    /// Returns at once; a second call changes nothing.
    public void drain() {
        if (lifecycle.drain(config.drain())) {
            LOG.info(
                    "Call-backs are taken for another {} ms, then answered 503.",
                    config.drain().toMillis());
        }
    }

    /// Waits for the end of the draining, if there is one, takes nothing more, has everything that was taken
    /// stored and answered, and stops. A second call does nothing.
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
        LOG.info("The listener is closed.");
    }

    private CallbackListener start() {
        server.start();
        acknowledger.start();
        decoders.start();
        housekeeper.start();
        LOG.info("Call-backs are taken on {}:{}.", config.host(), port());
        return this;
    }

    private void runHousekeeping() {
        server.closeOverdue();
        server.reloadIdentity();
    }

    /// Often enough that no time-out is overrun by more than a quarter.
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
                LOG.warn("{} call-backs are given up: they did not come in or get stored in time.", limiter.inFlight());
            }
        } catch (InterruptedException expected) {
            Thread.currentThread().interrupt();
        }
    }

    /// Bodies may take an eighth of the memory, whatever `queue` and `max-body` would add up to.
    private static long maxBytesInFlight(ListenerConfig config) {
        return Math.max(
                Math.max(MIN_BYTES, 2L * config.maxBody()),
                Runtime.getRuntime().maxMemory() / 8);
    }
}
