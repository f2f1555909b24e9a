package dev.tidemark.forwarder.target;

import java.io.ByteArrayOutputStream;
import java.time.Duration;

/// A stream of lines as a target. A reader that went away, or does not read, is the sink's failure: events
/// wait, and the daemon goes on.
final class StdoutTarget implements SinkTarget {
    private final LineWriter lines;
    private final Duration timeout;

    StdoutTarget(LineWriter lines, Duration timeout) {
        this.lines = lines;
        this.timeout = timeout;
    }

    @Override
    public DeliveryResult send(MessageBatch parcel) {
        var text = new ByteArrayOutputStream();
        for (var message : parcel.messages()) {
            // JSON as we render it has no line break in it
            text.writeBytes(message.body());
            text.write('\n');
        }
        return lines.write(text.toByteArray(), timeout);
    }

    /// The stream is everybody's and stays open.
    @Override
    public void close() {}
}
