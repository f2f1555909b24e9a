package dev.tidemark.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.EgressPolicy;
import dev.tidemark.forwarder.targets.KafkaConfig;
import dev.tidemark.forwarder.targets.MessageBatch;
import dev.tidemark.forwarder.targets.MessageBatch.OutboundMessage;
import dev.tidemark.forwarder.targets.SinkTargetContext;
import dev.tidemark.store.model.SinkName;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

final class KafkaTargetTest {
    /// Producer that another request has closed after its failure, while this one waited for metadata.
    private record ClosedWriter(Optional<Throwable> failure) implements TopicWriter {
        @Override
        public Future<RecordMetadata> send(byte[] key, byte[] value, Iterable<Header> headers) {
            throw new KafkaException(
                    "Producer closed while send in progress",
                    new KafkaException("Requested metadata update after close"));
        }

        @Override
        public int maxRecordBytes() {
            return 1 << 20;
        }

        @Override
        public void close() {}
    }

    private static DeliveryResult sendOn(TopicWriter writer) {
        var config = new KafkaConfig("192.0.2.1:9092", "tidemark.events", Map.of(), Duration.ofSeconds(5));
        var egress = new EgressPolicy(new EgressConfig(false, List.of(), Optional.empty()), InetAddress::getAllByName);
        var context = new SinkTargetContext(new SinkName("bus"), egress, Clock.systemUTC(), 1, false);
        var message = new OutboundMessage("evt_1", "mbx_1", new byte[] {1}, false);
        return new KafkaTarget(config, context, () -> writer).send(new MessageBatch(List.of(message), 1, false));
    }

    @Test
    void names_the_failure_that_closed_the_producer_and_not_the_closing() {
        var failure = new TimeoutException("Topic tidemark.events not present in metadata after 5000 ms.");

        assertThat(sendOn(new ClosedWriter(Optional.of(failure))).text())
                .contains("not present in metadata")
                .doesNotContain("after close");
    }

    @Test
    void names_the_closing_if_nothing_else_is_known() {
        assertThat(sendOn(new ClosedWriter(Optional.empty())).text()).contains("after close");
    }
}
