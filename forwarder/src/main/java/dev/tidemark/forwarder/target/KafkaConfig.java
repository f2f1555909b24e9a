package dev.tidemark.forwarder.target;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// A topic of Kafka and how its cluster is reached.
///
/// @param bootstrapServers `host:port`, several with commas between
/// @param properties settings of Kafka's producer, security included, as Kafka names them; may hold secrets
/// @param timeout until all replicas in step have a record
public record KafkaConfig(String bootstrapServers, String topic, Map<String, String> properties, Duration timeout)
        implements SinkTargetConfig {
    /// What the promises of a sink depend on, or has a setting of its own.
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

    /// @throws InvalidSettingException if no producer could work so
    public KafkaConfig {
        properties = Map.copyOf(properties);
        for (var name : properties.keySet()) {
            if (RESERVED.contains(name)) {
                throw new InvalidSettingException(
                        "'" + name + "' is set by Tidemark; leave it out of properties. Servers stand in"
                                + " bootstrap-servers, and timeout says how long a delivery may take.");
            }
        }
        if (!bootstrapServers.matches("[^\\s,]+:[0-9]{1,5}(\\s*,\\s*[^\\s,]+:[0-9]{1,5})*")) {
            throw new InvalidSettingException(
                    "'" + bootstrapServers + "' names no servers; write them like kafka1:9092,kafka2:9092.");
        }
        if (!topic.matches("[A-Za-z0-9._-]{1,249}")) {
            throw new InvalidSettingException(
                    "'" + topic + "' is no name of a topic; use letters, digits, '.', '_' and '-'.");
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
