package dev.tidemark.kafka;

import dev.tidemark.forwarder.targets.InvalidSettingException;
import dev.tidemark.forwarder.targets.KafkaConfig;
import dev.tidemark.forwarder.targets.KafkaTargetFactory;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.forwarder.targets.SinkTargetContext;
import java.util.Properties;

/// Opens targets that use Kafka's producer. [java.util.ServiceLoader] creates it. Thread-safe.
public final class ProducerTargetFactory implements KafkaTargetFactory {
    @Override
    public void check(KafkaConfig config) throws InvalidSettingException {
        ProducerPropertiesFactory.check(settings(config, "check"));
    }

    @Override
    public SinkTarget open(KafkaConfig config, SinkTargetContext context) {
        var settings = settings(config, context.sink().value());
        return new KafkaTarget(config, context, () -> new KafkaTopicWriter(settings, config.topic()));
    }

    private static Properties settings(KafkaConfig config, String sink) {
        return ProducerPropertiesFactory.of(config, sink);
    }
}
