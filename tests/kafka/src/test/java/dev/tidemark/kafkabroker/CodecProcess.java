package dev.tidemark.kafkabroker;

import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.KafkaConfig;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Process that journals events of one mailbox and delivers them to a topic with the given compression, for tests
/// with JVM options. Prints the sink's state for each line that it reads. Arguments: the store's file, the
/// brokers, the topic, the compression, and the number of events.
final class CodecProcess {
    private static final SinkName BUS = new SinkName("bus");

    private CodecProcess() {}

    public static void main(String[] arguments) throws Exception {
        var config = new StoreConfig("jdbc:h2:file:" + arguments[0], "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
        try (var store = StoreFactory.open(config, Clock.systemUTC());
                var forwarder = EventForwarder.start(config(arguments), store, Clock.systemUTC())) {
            var mailbox = store.mailboxes()
                    .enrol(new MailboxAddress("ada@example.com"), new GroupMembership("inboxes", false))
                    .id();
            for (var i = 0; i < Integer.parseInt(arguments[4]); i++) {
                store.journal().appendMailboxEvent(mailbox, "mailbox.paused", Map.of("number", (long) i));
            }
            while (System.in.read() >= 0) {
                var view = forwarder.sinks().getFirst();
                System.out.println(view.state() + " backlog " + view.backlog() + " dead letters "
                        + store.deliveries().deadLetters(Optional.of(BUS), 10).size() + " " + view.lastError());
            }
        }
    }

    private static ForwarderConfig config(String... arguments) {
        var kafka = new KafkaConfig(
                arguments[1], arguments[2], Map.of("compression.type", arguments[3]), Duration.ofSeconds(5));
        var retry = new RetryConfig(List.of(), Duration.ofMinutes(10), Duration.ofHours(24));
        var sink = new SinkConfig(BUS, kafka, DeliveryOrdering.MAILBOX, ThroughputConfig.DEFAULT, retry, List.of());
        return new ForwarderConfig(
                List.of(sink),
                Map.of("inboxes", Set.of(BUS)),
                new EgressConfig(false, List.of("127.0.0.0/8", "::1")),
                Duration.ofSeconds(10));
    }
}
