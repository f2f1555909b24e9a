package dev.tidemark.demo;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.mailbox.SimulatorLedger;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Whole loop on this machine: a simulated Exchange, the daemon, and a webhook receiver. Closing it stops the
/// daemon first, then the others, and deletes the store.
final class DemoRun implements AutoCloseable {
    /// Factor of the simulator's clock. A status frequency of one minute takes two seconds.
    private static final double SPEED = 30;
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration FIRST_SUBSCRIPTIONS = Duration.ofSeconds(60);
    private static final Duration SETTLING = Duration.ofMinutes(3);
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(5);
    private static final Duration LAST_ACKNOWLEDGEMENT = Duration.ofSeconds(10);

    private final DemoResourceCloser closing = new DemoResourceCloser();
    private final Clock clock;
    private final InterruptHandler interrupt;
    private final ReceivedEventLog receipts = new ReceivedEventLog();
    private final SimulatedExchange exchange;
    private final List<MailboxAddress> mailboxes;
    private final DemoEnvironment scenery;

    private DemoRun(int mailboxes, Optional<String> store, Clock clock, InterruptHandler interrupt) {
        this.clock = clock;
        this.interrupt = interrupt;
        scenery = closing.add(DemoEnvironment.create(store));
        exchange =
                closing.add(SimulatedExchange.start(SimulatorConfig.defaults().withSpeed(SPEED), clock));
        this.mailboxes = IntStream.rangeClosed(1, mailboxes)
                .mapToObj(number -> new MailboxAddress("mailbox" + number + "@demo.example"))
                .toList();
        this.mailboxes.forEach(exchange::addMailbox);
    }

    /// Starts all three parts. `lines` receives the receiver's output.
    ///
    /// @param store URL of the daemon's store; empty for files in a temporary directory
    static DemoRun start(
            int mailboxes, Optional<String> store, Clock clock, InterruptHandler interrupt, Consumer<String> lines) {
        var demonstration = new DemoRun(mailboxes, store, clock, interrupt);
        try {
            demonstration.startDaemon(lines);
            return demonstration;
        } catch (RuntimeException e) {
            demonstration.closing.closeAfter(e);
            throw e;
        }
    }

    private void startDaemon(Consumer<String> lines) {
        var receiver = new WebhookReceiver(new SignatureVerifier(scenery.secret(), clock), receipts, lines);
        var server = closing.add(WebhookServer.start(0, receiver));
        var addresses = mailboxes.stream().map(MailboxAddress::value).toList();
        lines.accept("status page: " + scenery.statusPage());
        closing.add(DemoDaemon.start(scenery.configuration(exchange.url(), addresses, server.port()), clock));
    }

    SimulatedExchange exchange() {
        return exchange;
    }

    List<MailboxAddress> mailboxes() {
        return mailboxes;
    }

    /// Waits until every mailbox is subscribed. Changes before the first subscription are not reported.
    void awaitSubscriptions() {
        var end = clock.instant().plus(FIRST_SUBSCRIPTIONS);
        while (mailboxes.stream()
                .anyMatch(address -> exchange.subscriptions(address).isEmpty())) {
            if (interrupt.await(GLANCE)) {
                return;
            }
            if (clock.instant().isAfter(end)) {
                throw new DemoCommandException(
                        1, "The daemon has not subscribed every mailbox within a minute; look at its log above.");
            }
        }
    }

    /// Waits at most three minutes until all events have arrived, then briefly for the last acknowledgement.
    /// Reports the number of missing events every five seconds.
    void awaitDelivery(Consumer<String> lines) {
        var end = clock.instant().plus(SETTLING);
        var report = clock.instant();
        for (var missing = summary().missing(); missing > 0; missing = summary().missing()) {
            var now = clock.instant();
            if (!now.isBefore(end)) {
                break;
            }
            if (!now.isBefore(report)) {
                lines.accept("sending has ended; waiting for events, still missing: " + missing);
                report = now.plus(REPORT_INTERVAL);
            }
            pause();
        }
        var moment = clock.instant().plus(LAST_ACKNOWLEDGEMENT);
        while (summary().acknowledged() < summary().sent() && clock.instant().isBefore(moment)) {
            pause();
        }
    }

    DemoSummary summary() {
        var sent = exchange.ledger().delivered().stream()
                .map(SimulatorLedger.Delivered::item)
                .map(item -> item.id())
                .collect(Collectors.toSet());
        var acknowledged = exchange.ledger().acknowledgedItems();
        acknowledged.retainAll(sent);
        var delivered = receipts.items();
        var missing = sent.stream().filter(item -> !delivered.contains(item)).count();
        return new DemoSummary(sent.size(), acknowledged.size(), delivered.size(), receipts.duplicates(), missing);
    }

    String report(DemoSummary summary) {
        return DemoJsonCodec.report(exchange.ledger().toJson(), receipts.all(), summary);
    }

    @Override
    public void close() {
        closing.close();
    }

    /// Pauses for a moment. Ignores Ctrl-C, which may have been pressed before.
    private static void pause() {
        try {
            Thread.sleep(GLANCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
