package dev.tidemark.reactions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.subscriber.connection.ConnectionStatus;
import dev.tidemark.subscriber.connection.ConnectionStatus.State;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks four new mailboxes, and one response of Exchange that asks for an absurd wait.
class AbsurdWaitOverTheWireTest {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final List<MailboxAddress> ALL = IntStream.range(0, 4)
            .mapToObj(number -> new MailboxAddress("m" + number + "@example.com"))
            .toList();

    @TempDir
    private Path folder;

    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-11-01T09:00:00Z"));
    private final SimulatedExchange exchange =
            SimulatedExchange.start(SimulatorConfig.defaults().withBodies(traffic::add), time);
    private Optional<SteppedCore> opened = Optional.empty();

    @AfterEach
    void close() {
        opened.ifPresent(SteppedCore::close);
        exchange.close();
        traffic.check();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "31536000",
                "9223372036854775807",
                "9223372036854775808",
                "99999999999999999999999999999999999999999999999999",
                "Fri, 31 Dec 9999 23:59:59 GMT",
                "3601"
            })
    void one_503_with_an_absurd_wait_costs_no_more_than_a_minute(String retryAfter) {
        var core = injectFault(busy(retryAfter));
        time.advance(MOMENT);
        var status = status(core);
        assertThat(status.state()).isEqualTo(State.UNAVAILABLE);
        assertThat(status.backoffUntil()).isPresent();
        time.advance(MINUTE);
        assertServed(core);
        assertTold(core, 1);
        assertThat(core.events("subscription.failed")).isEmpty();
    }

    static Stream<ScriptedError> busyOfOneMailbox() {
        var year = Optional.of(Duration.ofDays(365));
        return Stream.of(
                new ScriptedError.SoapFault("ErrorServerBusy", Optional.empty(), year),
                new ScriptedError.Message("ErrorServerBusy", Optional.empty(), year),
                new ScriptedError.SoapFault("ErrorInternalServerError", Optional.of("ErrorServerBusy"), year),
                new ScriptedError.Message(
                        "ErrorServerBusy", Optional.empty(), Optional.of(Duration.ofMillis(Long.MAX_VALUE))));
    }

    @ParameterizedTest
    @MethodSource("busyOfOneMailbox")
    void one_mailboxs_own_absurd_back_off_costs_it_a_minute_and_its_neighbors_nothing(ScriptedError trouble) {
        var core = injectFault(trouble);
        time.advance(MOMENT);
        assertThat(ALL.stream().skip(1))
                .allSatisfy(mailbox -> assertThat(core.mailbox(mailbox).live()).isPresent());
        time.advance(MINUTE);
        assertServed(core);
        assertThat(core.events("connection.unavailable")).isEmpty();
    }

    @Test
    void a_server_that_goes_on_asking_for_it_is_probed_by_one_ever_more_seldom() {
        var always = Collections.nCopies(1000, busy("31536000")).toArray(ScriptedError[]::new);
        ALL.forEach(mailbox -> exchange.faults().respondWith("Subscribe", mailbox, always));
        var core = open();
        time.advance(Duration.ofMinutes(50));
        // up to four in flight at first, then one after 30 s, 1, 2, 4, 8, 15 and 15 minutes
        assertThat(exchange.requests()).hasSizeBetween(1 + 7, 4 + 7);
        assertThat(core.events("connection.unavailable")).hasSize(1);
        exchange.faults().clear();
        time.advance(Duration.ofMinutes(15).plusSeconds(30));
        assertServed(core);
        assertTold(core, 1);
    }

    @Test
    void a_wait_within_the_limit_is_obeyed_by_all_and_told() {
        var core = injectFault(busy("3000"));
        time.advance(Duration.ofMinutes(49));
        var sent = exchange.requests().size();
        assertThat(sent).isLessThanOrEqualTo(4);
        assertThat(status(core).state()).isEqualTo(State.UNAVAILABLE);
        time.advance(Duration.ofMinutes(15));
        assertServed(core);
        assertTold(core, 1);
    }

    private SteppedCore injectFault(ScriptedError trouble) {
        exchange.faults().respondWith("Subscribe", ALL.getFirst(), trouble);
        return open();
    }

    private SteppedCore open() {
        ALL.forEach(exchange::addMailbox);
        var core = new SteppedCore(folder, time, SteppedCore.at(exchange.url()), ALL);
        opened = Optional.of(core);
        return core;
    }

    private static ScriptedError busy(String retryAfter) {
        return new ScriptedError.Http(503, Map.of("Retry-After", retryAfter));
    }

    private static ConnectionStatus status(SteppedCore core) {
        return core.subscriber().connections().getFirst();
    }

    private static void assertServed(SteppedCore core) {
        assertThat(ALL.stream()
                        .collect(Collectors.toMap(
                                mailbox -> mailbox,
                                mailbox -> core.mailbox(mailbox).live().isPresent())))
                .doesNotContainValue(false);
        assertThat(status(core).isAvailable()).isTrue();
        assertThat(status(core).backoffUntil()).isEmpty();
    }

    private static void assertTold(SteppedCore core, int times) {
        assertThat(core.events("connection.unavailable")).hasSize(times);
        assertThat(core.events("connection.available")).hasSize(times);
    }
}
