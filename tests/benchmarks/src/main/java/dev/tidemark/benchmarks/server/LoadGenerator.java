package dev.tidemark.benchmarks.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Generates load on one thread, which costs little of the processors that it shares with the server. Every
/// request is a new notification that continues its mailbox's chain. Latency counts from the due time of a
/// request, even if it is sent later.
public final class LoadGenerator implements AutoCloseable {
    /// Time without any response after which a server counts as failed.
    private static final Duration MAX_WAIT = Duration.ofSeconds(10);

    private static final long TICK = Duration.ofMillis(1).toNanos();
    private static final long SHORT = Duration.ofNanos(20_000).toNanos();

    private final Selector selector;
    private final MailboxPopulation population;
    private final RequestTemplate form;
    private final byte[] request;
    private final Deque<Courier> idle = new ArrayDeque<>();
    private final List<Courier> couriers = new ArrayList<>();
    private final LoadStats tally;
    private Supplier<LoadStats> counting;
    private LoadSchedule pace = LoadSchedule.closed(Long.MIN_VALUE);
    private long lastAnswer;

    public LoadGenerator(LoadTarget target, MailboxPopulation population, RequestTemplate form, int connections)
            throws IOException {
        this.population = population;
        this.form = form;
        tally = new LoadStats();
        counting = () -> tally;
        request = new byte[form.length()];
        selector = Selector.open();
        var input = ByteBuffer.allocateDirect(32 * 1024);
        for (var i = 0; i < connections; i++) {
            var courier = new Courier(target, input);
            couriers.add(courier);
            idle.add(courier);
        }
    }

    /// Sends as many requests as the server can answer for `time`.
    public LoadStats flatOut(Duration time) {
        var start = System.nanoTime();
        return run(start, LoadSchedule.closed(start + time.toNanos()));
    }

    /// Sends `perSecond` requests per second for `time`.
    public LoadStats steadily(double perSecond, Duration time) {
        var start = System.nanoTime();
        return run(start, LoadSchedule.open(start, perSecond, (long) (perSecond * time.toNanos() / 1e9)));
    }

    /// Sends `perSecond` requests per second for `time`, and counts each response in what `current` returns when
    /// it arrives.
    public void steadily(double perSecond, Duration time, Supplier<LoadStats> current) {
        counting = current;
        steadily(perSecond, time);
    }

    /// Returns the number of requests that the server has accepted so far.
    public long acknowledged() {
        return tally.acknowledged();
    }

    @Override
    public void close() {
        couriers.forEach(courier -> courier.lane.close());
        QuietCloser.close(selector);
    }

    private LoadStats run(long start, LoadSchedule schedule) {
        pace = schedule;
        lastAnswer = start;
        try {
            dispatch(start);
            while (idle.size() < couriers.size() || pace.next(System.nanoTime()) != LoadSchedule.NOT_YET) {
                await();
                dispatch(System.nanoTime());
                checkPatience();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tally.took(System.nanoTime() - start);
        return tally;
    }

    private void await() throws IOException {
        var now = System.nanoTime();
        var next = idle.isEmpty() || !population.hasFree() ? LoadSchedule.NOT_YET : pace.next(now);
        var wait = next == LoadSchedule.NOT_YET ? MAX_WAIT.toNanos() : next - now;
        if (wait > TICK) {
            selector.select(LoadGenerator::ready, wait / 1_000_000);
            return;
        }
        if (wait > SHORT) {
            LockSupport.parkNanos(wait);
        }
        selector.selectNow(LoadGenerator::ready);
    }

    private static void ready(SelectionKey key) {
        if (key.attachment() instanceof LoadConnection lane) {
            try {
                lane.ready();
            } catch (IOException e) {
                throw new UncheckedIOException("A connection failed.", e);
            }
        }
    }

    private void dispatch(long now) throws IOException {
        while (!idle.isEmpty() && population.hasFree()) {
            var due = pace.poll(now);
            if (due == LoadSchedule.NOT_YET) {
                return;
            }
            idle.remove().send(due);
        }
    }

    private void checkPatience() {
        if (System.nanoTime() - lastAnswer > MAX_WAIT.toNanos() && idle.size() < couriers.size()) {
            throw new BenchmarkException("A server sent no response for " + MAX_WAIT.toSeconds() + " s.");
        }
    }

    /// Connection with the notification that it carries.
    private final class Courier implements LoadConnection.Listener {
        private final LoadConnection lane;
        private int mailbox;
        private long due;

        Courier(LoadTarget target, ByteBuffer input) {
            lane = target.connect(selector, input, this);
        }

        void send(long dueAt) throws IOException {
            due = dueAt;
            mailbox = population.acquire();
            form.fill(request, population.token(mailbox), mailbox, population.next(mailbox));
            lane.send(request, request.length);
        }

        @Override
        public void onResponse(ResponseReader response) throws IOException {
            lastAnswer = System.nanoTime();
            var ok = response.isAccepted();
            counting.get().recordResponse(response, ok, lastAnswer - due);
            population.release(mailbox, ok);
            idle.add(this);
        }

        @Override
        public void failed(IOException why) {
            throw new BenchmarkException(
                    "A request failed without a response; its event may or may not be stored: " + why.getMessage(),
                    why);
        }
    }
}
