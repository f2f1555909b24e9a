package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.load.RequestTemplate;
import dev.tidemark.benchmarks.server.JettyHost;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.Histogram;

/// How long events took from the moment at which they were due until their receiver had them. An event is
/// known by its item, which says which mailbox's and which number of that it is. Safe for use by many threads.
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

    /// The event with this number, from 0, was to happen then.
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

    JettyHost.Taker taker() {
        return new JettyHost.Taker() {
            private final ByteArrayOutputStream body = new ByteArrayOutputStream();

            @Override
            public void take(ByteBuffer some) {
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

    /// What comes twice, or was not awaited, counts for nothing.
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
