package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.targets.DeliveryResult.NotSent;
import dev.tidemark.forwarder.targets.MessageBatch;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.testsupport.SettableClock;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Checks that an attempt always has a result; without one, its mailbox would wait forever.
final class EventSenderTest {
    /// luben/zstd-jni #113: a directory for temporary files that forbids execution.
    @Test
    void a_library_that_does_not_load_is_the_sink_s_failure() {
        assertThat(sender(() -> {
                            throw new UnsatisfiedLinkError("failed to map segment from shared object");
                        })
                        .ping())
                .isInstanceOf(NoAnswer.class);
    }

    @Test
    void any_other_error_is_the_event_s() {
        assertThat(sender(() -> {
                            throw new StackOverflowError();
                        })
                        .ping())
                .isInstanceOf(NotSent.class);
        assertThat(sender(() -> {
                            throw new IllegalStateException("closed");
                        })
                        .ping())
                .isInstanceOf(NotSent.class);
    }

    static EventSender sender(Supplier<DeliveryResult> sending) {
        var target = new SinkTarget() {
            @Override
            public DeliveryResult send(MessageBatch batch) {
                return sending.get();
            }

            @Override
            public void close() {}
        };
        return new EventSender(
                SinkControllerFixture.CRM,
                new CloudEventRenderer("gw1"),
                ItemDetailStore.NONE,
                target,
                new SettableClock(TestEvents.NOW));
    }
}
