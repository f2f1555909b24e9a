package dev.tidemark.forwarder.targets;

import java.util.Optional;
import java.util.ServiceLoader;

/// Opens Kafka topics. [ServiceLoader] finds the implementation in a separate module, so Kafka's client is
/// loaded only if a sink needs it.
public interface KafkaTargetFactory {
    /// Checks settings in the same way as Kafka's client at its start.
    ///
    /// @throws InvalidSettingException if Kafka's client does not know or cannot use a setting
    void check(KafkaConfig config);

    /// Opens a target without waiting for the cluster.
    SinkTarget open(KafkaConfig config, SinkTargetContext context);

    /// Returns the installed implementation, if there is one.
    static Optional<KafkaTargetFactory> installed() {
        return ServiceLoader.load(KafkaTargetFactory.class).findFirst();
    }

    /// Returns the error for a missing implementation.
    static InvalidSettingException missing() {
        return new InvalidSettingException(
                "Kafka's client is not installed; a sink of type kafka needs the distribution's folder lib/kafka.");
    }
}
