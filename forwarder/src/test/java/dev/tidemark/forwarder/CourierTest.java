package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.Answer.NoAnswer;
import dev.tidemark.forwarder.Answer.NotSent;
import dev.tidemark.watermark.Details;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Checks that an attempt always has a result; without one, its mailbox would wait forever.
final class CourierTest {
    /// luben/zstd-jni #113: a directory for temporary files from which no program may run.
    @Test
    void a_library_that_does_not_load_is_the_sink_s_failure() {
        assertThat(courier(() -> {
                            throw new UnsatisfiedLinkError("failed to map segment from shared object");
                        })
                        .ping())
                .isInstanceOf(NoAnswer.class);
    }

    @Test
    void any_other_error_is_the_event_s() {
        assertThat(courier(() -> {
                            throw new StackOverflowError();
                        })
                        .ping())
                .isInstanceOf(NotSent.class);
        assertThat(courier(() -> {
                            throw new IllegalStateException("closed");
                        })
                        .ping())
                .isInstanceOf(NotSent.class);
    }

    private static Courier courier(Supplier<Answer> sending) {
        var target = new Target() {
            @Override
            public Answer send(Parcel parcel) {
                return sending.get();
            }

            @Override
            public void close() {}
        };
        return new Courier(DeskRig.CRM, new CloudEvents("gw1"), Details.NONE, target, new SettableClock());
    }
}
