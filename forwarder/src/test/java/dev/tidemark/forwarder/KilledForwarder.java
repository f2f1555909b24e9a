package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Main class of a process that journals and delivers events of a few mailboxes until it is killed. Arguments:
/// file of the store, URL of the webhook, events per request, number of events to journal.
final class KilledForwarder {
    static final SinkName CRM = new SinkName("crm");
    static final int CONCURRENCY = 4;
    private static final int MAILBOXES = 8;

    private KilledForwarder() {}

    public static void main(String[] arguments) throws Exception {
        var store = open(arguments[0]);
        var forwarder = start(store, URI.create(arguments[1]), Integer.parseInt(arguments[2]));
        for (var i = 0; i < Integer.parseInt(arguments[3]); i++) {
            store.journal().appendMailboxEvent(mailbox(store, i % MAILBOXES), "mailbox.relocated", Map.of("n", i));
        }
        // until the parent process ends
        while (System.in.read() >= 0) {
            forwarder.wake();
        }
        forwarder.close();
    }

    static WatermarkStore open(String file) {
        return StoreFactory.open(
                new StoreConfig("jdbc:h2:file:" + file, "sa", "", "gw1", true, 0, Duration.ofMinutes(15)),
                Clock.systemUTC());
    }

    static EventForwarder start(WatermarkStore store, URI url, int batch) {
        var sink = new SinkConfig(
                CRM,
                WebhookConfig.of(url, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                DeliveryOrdering.MAILBOX,
                new ThroughputConfig(CONCURRENCY, batch, Duration.ZERO, 0),
                RetryConfig.DEFAULT,
                List.of());
        var config = new ForwarderConfig(
                List.of(sink),
                Map.of("inboxes", Set.of(CRM)),
                new EgressConfig(false, List.of("127.0.0.0/8")),
                Duration.ofSeconds(10));
        return EventForwarder.start(config, store, Clock.systemUTC());
    }

    private static MailboxId mailbox(WatermarkStore store, int number) {
        return store.mailboxes()
                .enrol(new MailboxAddress("m" + number + "@example.com"), new GroupMembership("inboxes", false))
                .id();
    }
}
