package dev.tidemark.forwarder.targets;

import java.io.ByteArrayOutputStream;
import java.time.Duration;

/// Writes events as lines. A missing or slow reader is a failure of the sink: events wait and the daemon
/// continues. Thread-safe.
final class StdoutTarget implements SinkTarget {
    private final LineWriter lines;
    private final Duration timeout;

    StdoutTarget(LineWriter lines, Duration timeout) {
        this.lines = lines;
        this.timeout = timeout;
    }

    @Override
    public DeliveryResult send(MessageBatch batch) {
        var text = new ByteArrayOutputStream();
        for (var message : batch.messages()) {
            // rendered JSON contains no line break
            text.writeBytes(message.body());
            text.write('\n');
        }
        return lines.write(text.toByteArray(), timeout);
    }

    /// Does nothing, because the process shares the stream.
    @Override
    public void close() {}
}
