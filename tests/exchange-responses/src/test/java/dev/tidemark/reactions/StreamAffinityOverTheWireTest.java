package dev.tidemark.reactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.simulator.LoggedRequest;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.StreamCoordinator;
import dev.tidemark.subscriber.config.StreamConfig;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks streams of an organization with two servers. Each server knows only the streaming subscriptions that
/// it created.
class StreamAffinityOverTheWireTest {
    private static final Duration MAX_WAIT = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-11-01T09:00:00Z"));
    private final SimulatedExchange exchange =
            SimulatedExchange.start(SimulatorConfig.defaults().withServers(2).withBodies(traffic::add), time);
    private Optional<SteppedCore> core = Optional.empty();
    private Optional<StreamCoordinator> streams = Optional.empty();

    @AfterEach
    void close() {
        streams.ifPresent(StreamCoordinator::stop);
        core.ifPresent(SteppedCore::close);
        exchange.close();
        traffic.check();
    }

    @Test
    void a_group_is_kept_on_the_server_of_its_first_mailbox() {
        var here = mailboxes("a", 5);
        var there = mailboxes("b", 3);
        here.forEach(mailbox -> exchange.autodiscovery().serve(mailbox, exchange.url(), "site-1"));
        there.forEach(mailbox -> exchange.autodiscovery().serve(mailbox, exchange.url(), "site-2"));
        var all = Stream.concat(here.stream(), there.stream()).toList();
        stream(discovered(all), all);
        all.forEach(mailbox -> exchange.mailbox(mailbox).deliver("to " + mailbox));
        awaitMessages(8);

        assertThat(opened())
                .extracting(request -> request.route().anchor().orElseThrow())
                .containsExactlyInAnyOrder(here.getFirst(), there.getFirst());
        assertThat(opened())
                .allSatisfy(request -> assertThat(request.route().cookie()).isPresent());
        assertKeptTogether(here);
        assertKeptTogether(there);
        assertThat(streams.orElseThrow().counters().opened()).isEqualTo(2);
    }

    @Test
    void two_hundred_are_the_most_of_a_group_and_the_anchor_of_the_rest_is_another() {
        var all = mailboxes("m", 203);
        var started = new SteppedCore(folder, time, SteppedCore.at(exchange.url()), all);
        stream(started, all);
        await().atMost(MAX_WAIT).until(() -> opened().size() == 2);

        assertThat(opened())
                .extracting(request -> request.route().anchor().orElseThrow())
                .doesNotHaveDuplicates();
        assertThat(subscribed())
                .hasSize(203)
                .extracting(request -> request.route().anchor().orElseThrow())
                .containsOnly(opened().stream()
                        .map(request -> request.route().anchor().orElseThrow())
                        .toArray(MailboxAddress[]::new));
        for (var stream : opened()) {
            assertThat(subscribed())
                    .filteredOn(request ->
                            request.route().anchor().equals(stream.route().anchor()))
                    .hasSizeLessThanOrEqualTo(200);
        }
        all.forEach(mailbox -> exchange.mailbox(mailbox).deliver("to " + mailbox));
        awaitMessages(203);
    }

    @Test
    void one_that_the_server_of_the_others_does_not_take_has_a_stream_of_its_own() {
        var all = mailboxes("a", 3);
        var odd = all.get(1);
        degrade(new SteppedCore(folder, time, SteppedCore.at(exchange.url()), all), all);
        exchange.faults().respondWith("Subscribe", odd, new ScriptedError.Message("ErrorProxyRequestNotAllowed"));
        await().atMost(MAX_WAIT).until(() -> {
            time.advance(Duration.ofSeconds(1));
            streams.orElseThrow().tick();
            return opened().stream()
                    .anyMatch(request ->
                            request.route().anchor().filter(odd::equals).isPresent());
        });

        assertThat(opened())
                .extracting(request -> request.route().anchor().orElseThrow())
                .containsOnly(all.getFirst(), odd);
        all.forEach(mailbox -> exchange.mailbox(mailbox).deliver("to " + mailbox));
        awaitMessages(3);
    }

    @Test
    void push_goes_to_the_server_of_each_mailbox() {
        var all = mailboxes("a", 4);
        stream(discovered(all), all);
        assertThat(exchange.requests())
                .filteredOn(request -> request.operation().equals("Subscribe") && !isStreaming(request))
                .hasSize(4)
                .allSatisfy(request -> {
                    assertThat(request.route().anchor()).isEqualTo(request.mailbox());
                    assertThat(request.route().cookie()).isEmpty();
                });
    }

    @Test
    void a_server_that_lost_everything_is_left() {
        var all = mailboxes("a", 4);
        stream(discovered(all), all);
        await().atMost(MAX_WAIT).until(() -> opened().size() == 1);
        exchange.forgetStreamingSubscriptions();
        // reopening the stream recovers lost events
        time.advance(Duration.ofMinutes(16));
        streamsOpen(3);
        var first = subscribed().get(4);
        assertThat(first.route().cookie()).isEmpty();
        assertThat(subscribed().subList(5, 8))
                .allSatisfy(request -> assertThat(request.route().cookie()).isPresent());
        exchange.mailbox(all.getLast()).deliver("afterwards");
        awaitMessages(1);
    }

    @Test
    void a_mailbox_that_moved_goes_to_the_stream_of_its_new_group() {
        var all = mailboxes("a", 3);
        all.forEach(mailbox -> exchange.autodiscovery().serve(mailbox, exchange.url(), "site-1"));
        stream(discovered(all), all);
        await().atMost(MAX_WAIT).until(() -> opened().size() == 1);
        var moved = all.getFirst();
        exchange.autodiscovery().serve(moved, exchange.url(), "site-2");
        exchange.faults().respondWith("SyncFolderItems", moved, new ScriptedError.Message("ErrorWrongServerVersion"));
        await().atMost(MAX_WAIT).untilAsserted(() -> {
            // nothing happens while the poll of the first stream is in flight
            core.orElseThrow()
                    .subscriber()
                    .poll(core.orElseThrow().mailbox(moved).id());
            streams.orElseThrow().tick();
            assertThat(opened())
                    .extracting(request -> request.route().anchor().orElseThrow())
                    .contains(moved);
        });
        exchange.mailbox(moved).deliver("afterwards");
        awaitMessages(1);
    }

    private List<MailboxAddress> mailboxes(String name, int count) {
        var all = IntStream.range(0, count)
                .mapToObj(number -> new MailboxAddress("%s%03d@example.com".formatted(name, number)))
                .toList();
        all.forEach(exchange::addMailbox);
        return all;
    }

    private SteppedCore discovered(List<MailboxAddress> mailboxes) {
        return new SteppedCore(
                folder,
                time,
                SteppedCore.discoveredBy(exchange.autodiscoverUrl(), Optional.of(SteppedCore.DAY)),
                mailboxes);
    }

    private void stream(SteppedCore started, List<MailboxAddress> mailboxes) {
        degrade(started, mailboxes);
        streams.orElseThrow().tick();
    }

    /// Subscribes all mailboxes, marks push as failed for all, and starts their streams.
    private void degrade(SteppedCore started, List<MailboxAddress> mailboxes) {
        core = Optional.of(started);
        time.advance(Duration.ofSeconds(1));
        var begun = started.subscriber().streams(StreamConfig.DEFAULT, (connection, id) -> {});
        streams = Optional.of(begun);
        for (var mailbox : mailboxes) {
            var id = started.mailbox(mailbox).id();
            var later = time.clock().instant().plus(Duration.ofDays(9));
            started.store()
                    .subscriptions()
                    .recordLoss(
                            id, "silence", new PendingCompensation(SubscribeReason.SILENCE, later, false, "silence"));
            started.store().fallbacks().degrade(id, "stream");
            begun.watch(id);
        }
    }

    private void streamsOpen(int count) {
        await().atMost(MAX_WAIT).until(() -> {
            time.advance(Duration.ofSeconds(1));
            streams.orElseThrow().tick();
            return opened().size() >= count;
        });
    }

    private void awaitMessages(int count) {
        await().atMost(MAX_WAIT)
                .untilAsserted(() -> assertThat(core.orElseThrow().events("mailbox.message.received"))
                        .hasSize(count));
    }

    private void assertKeptTogether(List<MailboxAddress> group) {
        assertThat(subscribed())
                .filteredOn(request -> group.contains(request.mailbox().orElseThrow()))
                .hasSize(group.size())
                .allSatisfy(request -> assertThat(request.route().anchor()).contains(group.getFirst()))
                .extracting(request -> request.route().cookie().isPresent())
                // the first one learns the server, the others show it
                .containsExactly(IntStream.range(0, group.size())
                        .mapToObj(number -> number > 0)
                        .toArray(Boolean[]::new));
    }

    private List<LoggedRequest> opened() {
        return exchange.requests().stream()
                .filter(request -> request.operation().equals("GetStreamingEvents"))
                .toList();
    }

    private List<LoggedRequest> subscribed() {
        return exchange.requests().stream()
                .filter(request -> request.operation().equals("Subscribe") && isStreaming(request))
                .toList();
    }

    private static boolean isStreaming(LoggedRequest request) {
        return request.route().affine();
    }
}
