package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.codec.NotificationCodec;
import dev.tidemark.ews.message.MalformedMessageException;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Checks that the benchmarks run; their figures are irrelevant here.
final class NotificationCodecBenchmarkTest {
    @Test
    void every_benchmark_runs_once_with_the_profiler() throws RunnerException {
        var once = new OptionsBuilder()
                .include(NotificationCodecBenchmark.class.getSimpleName())
                .mode(Mode.SingleShotTime)
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        assertThat(new Runner(once).run())
                .extracting(result -> result.getParams().getBenchmark())
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .containsExactlyInAnyOrder("decode", "encode", "raw");
    }

    @Test
    void the_notification_is_of_the_size_and_kind_that_it_stands_for()
            throws MalformedMessageException, XMLStreamException {
        var bytes = TypicalNotification.bytes();

        assertThat(bytes.length).isBetween(1_350, 1_450);
        assertThat(new NotificationCodec().decode(bytes).messages()).hasSize(1);
        // the lower bound finds the same fields
        assertThat(RawNotificationReader.read(bytes)).hasSize(11);
    }
}
