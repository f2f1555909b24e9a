package dev.tidemark.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.InvalidSettingException;
import dev.tidemark.forwarder.targets.KafkaConfig;
import dev.tidemark.forwarder.targets.KafkaTargetFactory;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProducerTargetFactoryTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Test
    void it_is_found_where_it_is_installed() {
        assertThat(KafkaTargetFactory.installed()).containsInstanceOf(ProducerTargetFactory.class);
    }

    @Test
    void security_passes_through() {
        var properties = Map.of(
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "SCRAM-SHA-512",
                "compression.type", "zstd");
        assertThatCode(() -> new ProducerTargetFactory().check(config(properties)))
                .doesNotThrowAnyException();
        assertThat(ProducerPropertiesFactory.of(config(properties), "bus"))
                .containsAllEntriesOf(properties)
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", "true")
                .containsEntry("client.id", "tidemark-bus");
    }

    @ParameterizedTest
    @ValueSource(strings = {"acks", "enable.idempotence", "bootstrap.servers", "transactional.id"})
    void what_the_promises_rest_on_is_ours(String name) {
        assertThatThrownBy(() -> config(Map.of(name, "1")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(name);
    }

    @Test
    void a_setting_that_the_client_does_not_know_or_take_is_a_fault() {
        assertThatThrownBy(() -> new ProducerTargetFactory().check(config(Map.of("compresion.type", "zstd"))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("'compresion.type' is no setting of Kafka's producer");
        assertThatThrownBy(() -> new ProducerTargetFactory().check(config(Map.of("compression.type", "rar"))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("compression.type");
        assertThatThrownBy(() ->
                        new ProducerTargetFactory().check(config(Map.of("max.in.flight.requests.per.connection", "6"))))
                .isInstanceOf(InvalidSettingException.class);
    }

    @Test
    void secrets_in_the_properties_do_not_show_themselves() {
        assertThat(config(Map.of("sasl.jaas.config", "password=hunter2")).toString())
                .doesNotContain("hunter2");
    }

    @Test
    void failures_of_a_record_and_of_the_cluster_are_distinguished() {
        assertThat(KafkaFailureClassifier.classify(new RecordTooLargeException("1 MB"), TIMEOUT))
                .isInstanceOf(DeliveryResult.NotSent.class);
        assertThat(KafkaFailureClassifier.classify(new TimeoutException("no metadata"), TIMEOUT))
                .isInstanceOf(DeliveryResult.NoAnswer.class);
        assertThat(KafkaFailureClassifier.classify(new NotEnoughReplicasException("1 of 2"), TIMEOUT))
                .isInstanceOf(DeliveryResult.NoAnswer.class);
        var denied = new TopicAuthorizationException("no right to write to tidemark.events");
        assertThat(KafkaFailureClassifier.classify(denied, TIMEOUT)).isInstanceOf(DeliveryResult.NoAnswer.class);
    }

    @Test
    void failures_are_described_in_words() {
        assertThat(KafkaFailureClassifier.classify(new NotEnoughReplicasException("1 of 2"), TIMEOUT)
                        .text())
                .isEqualTo("1 of 2");
        assertThat(KafkaFailureClassifier.classify(new NotEnoughReplicasException((String) null), TIMEOUT)
                        .text())
                .isEqualTo("not enough replicas");
    }

    private static KafkaConfig config(Map<String, String> properties) {
        return new KafkaConfig("kafka1.example.com:9092", "tidemark.events", properties, TIMEOUT);
    }
}
