package dev.tidemark.reactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.ews.HttpEwsClient;
import dev.tidemark.simulator.LoggedRequest;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks thousands of new mailboxes and an Exchange that is busy for half a minute of real time.
class BusyCrowdOverTheWireTest {
    private static final int MAILBOXES = 10_000;
    private static final ConnectionLimits LIMITS = new ConnectionLimits(8, 100);
    private static final Duration BUSY = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofMinutes(10);

    /// Two busy responses may permit another request before the third proves that the whole connection is busy.
    private static final int FIRST_FEW = LIMITS.concurrency() + 2;

    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private final SimulatedExchange exchange =
            SimulatedExchange.start(SimulatorConfig.defaults().withBodies(traffic::add), Clock.systemUTC());

    @TempDir
    private Path folder;

    @Test
    @Tag("soak")
    void ten_thousand_leave_a_busy_exchange_alone_and_are_all_subscribed_in_the_end() {
        var mailboxes = IntStream.range(0, MAILBOXES)
                .mapToObj(number -> new MailboxAddress("m" + number + "@example.com"))
                .toList();
        mailboxes.forEach(exchange::addMailbox);
        exchange.faults().backOff(BUSY).rate(SimulatorFault.BUSY_MESSAGE, 1);
        var clock = Clock.systemUTC();
        var url = URI.create("jdbc:h2:file:" + folder.resolve("tidemark"));
        try (var store = StoreFactory.open(
                        new StoreConfig(url.toString(), "sa", "", "gw1", true, 0, Duration.ofMinutes(15)), clock);
                var client =
                        HttpEwsClient.connect(SteppedCore.connection(exchange.url(), LIMITS.concurrency()), clock)) {
            store.mailboxes()
                    .enrolAll(mailboxes.stream()
                            .collect(Collectors.toMap(
                                    Function.identity(), ignored -> new GroupMembership("inboxes", false))));
            var subscriber = new MailboxSubscriber(
                    SteppedCore.config(LIMITS), Map.of("onprem", client), store, SteppedCore::callbacks, clock);
            try (var compensator = Compensator.start(SteppedCore.compensation(), subscriber, store, clock)) {
                await().until(() -> !exchange.requests().isEmpty());
                var begun = exchange.requests().getFirst().at();
                assertLeftAlone(begun);
                exchange.faults().clear();
                await().atMost(LONG)
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> store.mailboxes().all().stream()
                                .map(Mailbox::live)
                                .allMatch(live -> live.isPresent()));
                assertThat(compensator).isNotNull();
            }
            subscriber.stop();
        } finally {
            exchange.close();
        }
        assertThat(exchange.maxConcurrentRequests()).isLessThanOrEqualTo(LIMITS.concurrency());
        assertPaced(exchange.requests().stream().map(LoggedRequest::at).toList());
        traffic.check();
    }

    /// Checks until shortly before the end of the pause.
    private void assertLeftAlone(Instant begun) {
        await().atMost(BUSY).until(() -> Instant.now().isAfter(begun.plus(BUSY).minusSeconds(1)));
        assertThat(exchange.requests())
                .hasSizeLessThanOrEqualTo(FIRST_FEW)
                .allMatch(request -> request.at().isBefore(begun.plusSeconds(5)));
    }

    /// Checks the rate by the receiver's clock over ten seconds, because a busy machine distorts single
    /// seconds.
    private static void assertPaced(List<Instant> moments) {
        var limit = LIMITS.requestsPerSecond() * 10;
        for (var first = 0; first + limit + LIMITS.concurrency() < moments.size(); first++) {
            assertThat(moments.get(first + limit + LIMITS.concurrency()))
                    .isAfterOrEqualTo(moments.get(first).plusSeconds(10).minusMillis(200));
        }
    }
}
