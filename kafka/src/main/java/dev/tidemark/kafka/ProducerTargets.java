package dev.tidemark.kafka;

import dev.tidemark.forwarder.InvalidSettingException;
import dev.tidemark.forwarder.KafkaConfig;
import dev.tidemark.forwarder.KafkaTargets;
import dev.tidemark.forwarder.Target;
import dev.tidemark.forwarder.TargetContext;
import java.util.Properties;

/// Kafka's own producer behind the forwarder's port; found by ServiceLoader.
public final class ProducerTargets implements KafkaTargets {
    @Override
    public void check(KafkaConfig config) throws InvalidSettingException {
        ProducerSettings.check(settings(config, "check"));
    }

    @Override
    public Target open(KafkaConfig config, TargetContext context) {
        var settings = settings(config, context.sink().value());
        return new KafkaTarget(config, context, () -> new KafkaTopic(settings, config.topic()));
    }

    private static Properties settings(KafkaConfig config, String sink) {
        return ProducerSettings.of(config, sink);
    }
}
