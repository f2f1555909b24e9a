package dev.tidemark.forwarder.target;

import java.util.Optional;
import java.util.ServiceLoader;

/// Opens topics of Kafka. It is implemented in a module of its own, found by [ServiceLoader], so that nothing
/// of Kafka's client is loaded, or need be installed, where no sink asks for it.
public interface KafkaTargetFactory {
    /// Judges settings as the client would when it starts.
    ///
    /// @throws InvalidSettingException if Kafka's client does not know, or cannot use, a setting
    void check(KafkaConfig config);

    /// Opens a target without waiting for the cluster.
    SinkTarget open(KafkaConfig config, SinkTargetContext context);

    /// The installed implementation, if there is one.
    static Optional<KafkaTargetFactory> installed() {
        return ServiceLoader.load(KafkaTargetFactory.class).findFirst();
    }

    /// What to say where there is none.
    static InvalidSettingException missing() {
        return new InvalidSettingException(
                "Kafka's client is not installed; a sink of type kafka needs the distribution's folder lib/kafka.");
    }
}
