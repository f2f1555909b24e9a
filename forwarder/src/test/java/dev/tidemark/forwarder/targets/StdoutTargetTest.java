package dev.tidemark.forwarder.targets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.targets.DeliveryResult.Accepted;
import dev.tidemark.forwarder.targets.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.targets.DeliveryResult.TimedOut;
import dev.tidemark.forwarder.targets.MessageBatch.OutboundMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class StdoutTargetTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Test
    void each_event_is_a_line() {
        var target = new StdoutTarget(new LineWriter(written), LONG);
        assertThat(target.send(batch("{\"a\":1}", "{\"b\":2}"))).isEqualTo(new Accepted());
        assertThat(target.send(batch("{\"c\":3}"))).isEqualTo(new Accepted());
        assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n");
    }

    @Test
    void a_reader_that_went_away_is_the_sinks_failure() {
        var target = new StdoutTarget(new LineWriter(closedAfter(0)), LONG);
        var answer = target.send(batch("{}"));
        assertThat(answer).isInstanceOf(NoAnswer.class);
        assertThat(answer.text()).contains("standard output: Broken pipe");
    }

    @Test
    void what_comes_after_a_line_that_broke_off_begins_a_new_one() {
        var target = new StdoutTarget(new LineWriter(closedAfter(3)), LONG);
        assertThat(target.send(batch("{\"a\":1}"))).isInstanceOf(NoAnswer.class);
        assertThat(target.send(batch("{\"a\":1}"))).isInstanceOf(Accepted.class);
        assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("{\"a\n{\"a\":1}\n");
    }

    @Test
    void a_reader_that_does_not_read_blocks_no_caller_beyond_the_timeout() throws InterruptedException {
        var stuck = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var target = new StdoutTarget(
                new LineWriter(new OutputStream() {
                    @Override
                    public void write(int octet) {
                        written.write(octet);
                    }

                    @Override
                    public void write(byte[] octets, int from, int length) throws IOException {
                        stuck.countDown();
                        await(release);
                        written.write(octets, from, length);
                    }
                }),
                Duration.ofMillis(50));
        while (stuck.getCount() > 0) {
            // canceled if the writer has not started yet
            assertThat(target.send(batch("{\"a\":1}"))).isInstanceOf(TimedOut.class);
        }
        assertThat(target.send(batch("{\"b\":2}")))
                .as("waits behind the first, and is taken back")
                .isInstanceOf(TimedOut.class);
        release.countDown();
        assertThat(new StdoutTarget(new LineWriter(written), LONG).send(batch("{\"c\":3}")))
                .isInstanceOf(Accepted.class);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Pipe whose reader leaves after a number of bytes and returns after the writer noticed it.
    private OutputStream closedAfter(int bytes) {
        return new OutputStream() {
            private boolean gone;

            @Override
            public void write(int octet) {
                written.write(octet);
            }

            @Override
            public void write(byte[] octets, int from, int length) throws IOException {
                if (!gone) {
                    gone = true;
                    written.write(octets, from, Math.min(length, bytes));
                    throw new IOException("Broken pipe");
                }
                written.write(octets, from, length);
            }
        };
    }

    private static MessageBatch batch(String... bodies) {
        var messages = List.of(bodies).stream()
                .map(body -> new OutboundMessage("evt_1", "mbx", body.getBytes(StandardCharsets.UTF_8), false))
                .toList();
        return new MessageBatch(messages, 1, false);
    }
}
