package dev.tidemark.store.postgresql;

import dev.tidemark.contract.ExchangeNotifications;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/// Measures the rates at which a process alone, one node, and two nodes together record notifications of one event
/// each, in turns. Not a test: run manually, with the batch size in notifications, the duration of a turn in seconds
/// and the number of turns as arguments.
final class NodeRate {
    private static final int MAILBOXES = 1000;
    private static final String LONG = "AAMkADdmMzQ4Mzk1OS0zNmUwLTRhMTAtOGI0Mi05ZDM1MTNjM2YwZDkA".repeat(2);

    private final WatermarkStore store;
    private final List<AttemptId> attempts = new ArrayList<>();
    private final long[] marks = new long[MAILBOXES];
    private int next;

    private NodeRate(WatermarkStore store, String name) {
        this.store = store;
        for (var i = 0; i < MAILBOXES; i++) {
            var box = store.mailboxes()
                    .enrol(new MailboxAddress(name + i + "@example.com"), new GroupMembership("inboxes", false));
            var attempt = store.subscriptions().begin(box.id(), SubscribeReason.INITIAL, "print", Optional.empty());
            var response = new SubscribeResult(
                    ExchangeNotifications.subscription("s" + i), Optional.of(ExchangeNotifications.mark(LONG + 0)));
            store.subscriptions().confirm(attempt, response, Optional.empty());
            attempts.add(attempt);
        }
    }

    public static void main(String[] arguments) throws Exception {
        var batch = Integer.parseInt(arguments[0]);
        var seconds = Integer.parseInt(arguments[1]);
        var turns = Integer.parseInt(arguments[2]);
        var shared = new PostgresHome();
        var pair = new PostgresHome();
        try (var alone = new PostgresHome().open(Clock.systemUTC(), Duration.ofSeconds(2));
                var only = shared.node("a").openFollowing(Clock.systemUTC());
                var first = pair.node("a").openFollowing(Clock.systemUTC());
                var second = pair.node("b").openFollowing(Clock.systemUTC())) {
            var cases = List.of(
                    List.of(new NodeRate(alone, "x")),
                    List.of(new NodeRate(only, "x")),
                    List.of(new NodeRate(first, "x"), new NodeRate(second, "y")));
            var rates = new double[cases.size()][turns];
            for (var turn = -1; turn < turns; turn++) {
                for (var i = 0; i < cases.size(); i++) {
                    var rate = together(cases.get(i), batch, seconds);
                    if (turn >= 0) {
                        rates[i][turn] = rate;
                    }
                }
            }
            for (var i = 0; i < cases.size(); i++) {
                Arrays.sort(rates[i]);
                System.out.printf(
                        "%s, %d a batch: median %,.0f events/s, %,.0f to %,.0f%n",
                        List.of("alone", "one node", "two nodes").get(i),
                        batch,
                        rates[i][turns / 2],
                        rates[i][0],
                        rates[i][turns - 1]);
            }
        }
        System.exit(0);
    }

    private static double together(List<NodeRate> nodes, int batch, int seconds) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = nodes.stream()
                    .map(node -> threads.submit(() -> node.run(batch, seconds)))
                    .toList();
            var sum = 0.0;
            for (var one : running) {
                sum += one.get();
            }
            return sum;
        }
    }

    private double run(int batch, int seconds) {
        var rows = 0L;
        var started = System.nanoTime();
        while (System.nanoTime() - started < seconds * 1_000_000_000L) {
            store.intake()
                    .record(IntStream.range(0, batch)
                            .mapToObj(ignored -> callback())
                            .toList());
            rows += batch;
        }
        return rows * 1e9 / (System.nanoTime() - started);
    }

    private VerifiedCallback callback() {
        var box = next++ % MAILBOXES;
        var mark = marks[box]++;
        var now = Instant.now();
        var event = ExchangeNotifications.mail(LONG + box + "-" + mark, LONG + (mark + 1), now);
        return new VerifiedCallback(
                attempts.get(box),
                ExchangeNotifications.body(ExchangeNotifications.notification("s" + box, LONG + mark, event)),
                now,
                "");
    }
}
