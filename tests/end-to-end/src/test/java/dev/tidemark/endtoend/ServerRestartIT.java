package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Restarts one of three servers whose mailboxes send a heartbeat at least every half hour. The daemon runs in
/// this process, on a clock that is ten times as fast.
final class ServerRestartIT {
    private static final int SPEED = 10;
    private static final Duration NOTICED = Duration.ofSeconds(150);
    private static final List<MailboxAddress> MAILBOXES = IntStream.range(0, 12)
            .mapToObj(number -> new MailboxAddress("box" + number + "@example.com"))
            .toList();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final Clock clock = new FastClock(SPEED);

    @Test
    void a_restarted_server_is_noticed_within_150_seconds_and_the_others_keep_their_subscriptions() throws IOException {
        var traffic = new ExchangeTraffic();
        var settings =
                SimulatorConfig.defaults().withServers(3).withSpeed(SPEED).withBodies(traffic::add);
        try (var exchange = SimulatedExchange.start(settings, clock);
                var webhook = new MisbehavingWebhookReceiver();
                var daemon = TidemarkDaemon.start(config(exchange, webhook), clock);
                var post = Executors.newSingleThreadScheduledExecutor()) {
            assertThat(daemon.listenerAddress()).isNotNull();
            EndToEndScene.await("subscriptions").until(() -> live(exchange).size() == MAILBOXES.size());
            var sent = new CopyOnWriteArrayList<String>();
            var mail = post.scheduleAtFixedRate(() -> deliver(exchange, sent), 0, 100, TimeUnit.MILLISECONDS);
            EndToEndScene.await("mail from everywhere")
                    .until(() -> webhook.story().items(DeliveryHistory.RECEIVED).size() > 120);
            var before = live(exchange);
            var host = exchange.servers().get(1);
            var restartedAt = clock.instant();
            assertThat(exchange.restartServer(host)).isEqualTo(4);

            EndToEndScene.await("all four live again")
                    .until(() -> live(exchange).size() == MAILBOXES.size());
            var took = Duration.between(restartedAt, clock.instant());
            System.getLogger("figures").log(System.Logger.Level.INFO, "server restart healed after {0}", took);
            assertThat(took).isLessThan(NOTICED);
            mail.cancel(false);
            before.entrySet().stream()
                    .filter(entry -> !exchange.serverOf(entry.getKey()).equals(host))
                    .forEach(entry -> assertThat(live(exchange)).contains(entry));
            EndToEndScene.await("every mail at the webhook")
                    .untilAsserted(() -> assertThat(webhook.story().items(DeliveryHistory.RECEIVED))
                            .containsAll(sent));
            webhook.story().assertNoneDoubled(DeliveryHistory.RECEIVED);
            assertThat(reasons(webhook)).filteredOn("silence"::equals).hasSize(4);
        }
        traffic.check();
    }

    private static List<String> reasons(MisbehavingWebhookReceiver webhook) {
        return webhook.story().events("dev.tidemark.subscription.created").stream()
                .map(event -> event.event().at("/data/reason").asString())
                .toList();
    }

    private TidemarkConfig config(SimulatedExchange exchange, MisbehavingWebhookReceiver webhook) throws IOException {
        var addresses = MAILBOXES.stream().map(MailboxAddress::value).toList();
        MAILBOXES.forEach(exchange::addMailbox);
        var file = new DaemonConfig(exchange.url(), addresses, webhook).write(folder);
        return TidemarkConfig.read(file, name -> Optional.empty());
    }

    private static void deliver(SimulatedExchange exchange, List<String> sent) {
        var number = sent.size();
        var mailbox = exchange.mailbox(MAILBOXES.get(number * 5 % MAILBOXES.size()));
        sent.add(mailbox.deliver("mail " + number).id());
    }

    private static Map<MailboxAddress, SubscriptionId> live(SimulatedExchange exchange) {
        return MAILBOXES.stream()
                .filter(address -> !exchange.subscriptions(address).isEmpty())
                .collect(Collectors.toMap(
                        Function.identity(),
                        address -> exchange.subscriptions(address).getLast()));
    }

    /// Clock that is ten times as fast as the system's. It ignores intervals without calls: while the machine
    /// stalls, no mail comes, and the daemon cannot notice anything.
    private static final class FastClock extends Clock {
        private static final long STALL = TimeUnit.MILLISECONDS.toNanos(100);

        private final int factor;
        private Instant now = Instant.now();
        private long lastAsked = System.nanoTime();

        FastClock(int factor) {
            this.factor = factor;
        }

        @Override
        public synchronized Instant instant() {
            var nanos = System.nanoTime();
            now = now.plusNanos(Math.min(nanos - lastAsked, STALL) * factor);
            lastAsked = nanos;
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
