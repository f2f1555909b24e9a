package dev.tidemark.benchmarks;

import dev.tidemark.ews.codec.NotificationCodec;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.SubscriptionStatus;
import dev.tidemark.values.SendNotification;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.xml.stream.XMLStreamException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Measures the cost of one callback: reading it and writing its response.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class NotificationCodecBenchmark {
    private final NotificationCodec codec = new NotificationCodec();
    private final byte[] body = TypicalNotification.bytes();

    @Benchmark
    public SendNotification decode() throws MalformedMessageException {
        return codec.decode(body);
    }

    /// Lower bound for [#decode].
    @Benchmark
    public List<String> raw() throws XMLStreamException {
        return RawNotificationReader.read(body);
    }

    @Benchmark
    public byte[] encode() {
        return codec.encode(SubscriptionStatus.OK);
    }
}
