package dev.tidemark.forwarder.targets;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// Settings of a Kafka topic and its cluster.
///
/// @param bootstrapServers `host:port`, separated by commas
/// @param properties settings of Kafka's producer, security included, with Kafka's names; may contain secrets
/// @param timeout limit until all in-sync replicas have a record
public record KafkaConfig(String bootstrapServers, String topic, Map<String, String> properties, Duration timeout)
        implements SinkTargetConfig {
    /// Properties that the guarantees of a sink depend on, or that have a separate setting.
    private static final Set<String> RESERVED = Set.of(
            "bootstrap.servers",
            "key.serializer",
            "value.serializer",
            "enable.idempotence",
            "acks",
            "transactional.id",
            "transaction.timeout.ms",
            "delivery.timeout.ms",
            "max.block.ms",
            "interceptor.classes",
            "partitioner.class");

    /// @throws InvalidSettingException if no producer can work with these settings
    public KafkaConfig {
        properties = Map.copyOf(properties);
        for (var name : properties.keySet()) {
            if (RESERVED.contains(name)) {
                throw new InvalidSettingException(
                        "'" + name + "' is set by Tidemark; leave it out of properties. The servers belong in"
                                + " bootstrap-servers, and timeout limits a delivery.");
            }
        }
        if (!bootstrapServers.matches("[^\\s,]+:[0-9]{1,5}(\\s*,\\s*[^\\s,]+:[0-9]{1,5})*")) {
            throw new InvalidSettingException(
                    "'" + bootstrapServers + "' names no servers; write them like kafka1:9092,kafka2:9092.");
        }
        if (!topic.matches("[A-Za-z0-9._-]{1,249}")) {
            throw new InvalidSettingException(
                    "'" + topic + "' is not a valid topic name; use letters, digits, '.', '_' and '-'.");
        }
        if (timeout.toMillis() < 1000) {
            throw new InvalidSettingException("A timeout of " + timeout + " is too short for Kafka; try 15s.");
        }
    }

    @Override
    public String type() {
        return "kafka";
    }

    @Override
    public SinkTarget open(SinkTargetContext context) {
        return KafkaTargetFactory.installed()
                .orElseThrow(KafkaTargetFactory::missing)
                .open(this, context);
    }

    @Override
    public String toString() {
        return "KafkaConfig[bootstrapServers=" + bootstrapServers + ", topic=" + topic + "]";
    }
}
