package dev.tidemark.kafka;

import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.EgressPolicy;
import dev.tidemark.forwarder.targets.EgressPolicy.RefusedAddressException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/// Servers that Kafka's client asks first. The egress policy checks only these; the operator of the cluster
/// decides the addresses of its brokers. Thread-safe.
record BootstrapServers(String servers) {
    Optional<DeliveryResult> refusal(EgressPolicy egress) {
        return Arrays.stream(servers.split(","))
                .map(BootstrapServers::host)
                .flatMap(host -> refusal(egress, host).stream())
                .findFirst();
    }

    private static Optional<DeliveryResult> refusal(EgressPolicy egress, String host) {
        try {
            egress.resolve(host);
            return Optional.empty();
        } catch (RefusedAddressException e) {
            return Optional.of(e.refusal());
        } catch (UnknownHostException notYet) {
            // the client reports it unless it finds another server
            return Optional.empty();
        }
    }

    private static String host(String server) {
        var text = server.strip();
        var bare = text.substring(0, Math.max(0, text.lastIndexOf(':')));
        return bare.startsWith("[") && bare.endsWith("]") ? bare.substring(1, bare.length() - 1) : bare;
    }
}
