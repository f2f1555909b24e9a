package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.JettyHost;
import dev.tidemark.benchmarks.server.RequestTemplate;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.Histogram;

/// Measures the delay of events from their due time to their arrival at the receiver. Identifies an event by
/// its item, which names the mailbox and the number within it. Thread-safe.
final class DelayRecorder {
    private static final byte[] MARK = "\"item\":{\"id\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final int NUMBER_AT = MARK.length + RequestTemplate.ITEM.length();

    private final int mailboxes;
    private final Map<Long, Long> due = new ConcurrentHashMap<>();
    private final Histogram delays = new Histogram(3);

    DelayRecorder(int mailboxes) {
        this.mailboxes = mailboxes;
    }

    synchronized void reset() {
        due.clear();
        delays.reset();
    }

    /// Records the due time of the event with this number, from 0.
    void due(long number, long moment) {
        due.put(number, moment);
    }

    synchronized long arrived() {
        return delays.getTotalCount();
    }

    synchronized SinkIsolationBenchmark.Phase phase(String name, long events) {
        return new SinkIsolationBenchmark.Phase(
                name,
                events,
                delays.getTotalCount(),
                delays.getValueAtPercentile(50) / 1e6,
                delays.getValueAtPercentile(99) / 1e6,
                delays.getMaxValue() / 1e6);
    }

    JettyHost.BodyReader taker() {
        return new JettyHost.BodyReader() {
            private final ByteArrayOutputStream body = new ByteArrayOutputStream();

            @Override
            public void read(ByteBuffer some) {
                var bytes = new byte[some.remaining()];
                some.get(bytes);
                body.writeBytes(bytes);
            }

            @Override
            public void whole(Runnable answer) {
                arrived(body.toString(StandardCharsets.UTF_8), System.nanoTime());
                answer.run();
            }
        };
    }

    /// Records an arrival. Ignores repeated and unexpected events.
    private void arrived(String body, long now) {
        var mark = body.indexOf(new String(MARK, StandardCharsets.US_ASCII));
        if (mark >= 0) {
            var mailbox = Long.parseLong(body, mark + NUMBER_AT, mark + NUMBER_AT + RequestTemplate.MAILBOX, 16);
            var from = mark + NUMBER_AT + RequestTemplate.MAILBOX;
            var number = Long.parseLong(body, from, from + RequestTemplate.COUNTER, 16);
            var moment = due.remove((number - 1) * mailboxes + mailbox);
            if (moment != null) {
                note(now - moment);
            }
        }
    }

    private synchronized void note(long delay) {
        delays.recordValue(Math.max(0, delay));
    }
}
