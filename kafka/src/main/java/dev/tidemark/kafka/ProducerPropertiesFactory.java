package dev.tidemark.kafka;

import dev.tidemark.forwarder.targets.InvalidSettingException;
import dev.tidemark.forwarder.targets.KafkaConfig;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Creates the producer's properties: configured ones first, then those that the guarantees need. Thread-safe.
final class ProducerPropertiesFactory {
    private ProducerPropertiesFactory() {}

    static Properties of(KafkaConfig config, String sink) {
        var timeout = Math.clamp(config.timeout().toMillis(), 0, Integer.MAX_VALUE);
        var settings = new Properties();
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "tidemark-" + sink);
        // a batch is sent at once; batch.linger of the sink waits for more events
        settings.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, String.valueOf(Math.max(1, timeout / 2)));
        // detects returning brokers within one or two probes
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "1000");
        settings.putAll(config.properties());
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        // the client's retries neither duplicate nor reorder records, and a record counts as stored only when
        // all in-sync replicas have it
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, String.valueOf(timeout));
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, String.valueOf(timeout));
        return settings;
    }

    /// @throws InvalidSettingException if the client would not start with these properties
    static void check(Properties settings) {
        for (var name : settings.stringPropertyNames()) {
            if (!ProducerConfig.configNames().contains(name)) {
                throw new InvalidSettingException("'" + name + "' is no setting of Kafka's producer; see"
                        + " https://kafka.apache.org/documentation/#producerconfigs.");
            }
        }
        try {
            var known = new ProducerConfig(settings);
            if (known.getInt(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION) > 5) {
                throw new ConfigException(
                        "max.in.flight.requests.per.connection is above 5, which would not keep order");
            }
        } catch (ConfigException e) {
            throw new InvalidSettingException("Kafka's producer reports: " + e.getMessage());
        }
    }
}
