package dev.tidemark.store.embedded;

import dev.tidemark.contract.ExchangeNotifications;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Measures the rate at which one thread records notifications of one event each. Not a test: run manually, with
/// the batch size in notifications and the duration in seconds as arguments.
final class RecordRate {
    private static final int MAILBOXES = 1000;
    private static final String LONG = "AAMkADdmMzQ4Mzk1OS0zNmUwLTRhMTAtOGI0Mi05ZDM1MTNjM2YwZDkA".repeat(2);

    private final WatermarkStore store;
    private final List<AttemptId> attempts = new ArrayList<>();
    private final long[] marks = new long[MAILBOXES];
    private int next;

    private RecordRate(WatermarkStore store) {
        this.store = store;
        for (var i = 0; i < MAILBOXES; i++) {
            var box = store.mailboxes()
                    .enrol(new MailboxAddress("box" + i + "@example.com"), new GroupMembership("inboxes", false));
            var attempt = store.subscriptions().begin(box.id(), SubscribeReason.INITIAL, "print", Optional.empty());
            var response = new SubscribeResult(
                    ExchangeNotifications.subscription("s" + i), Optional.of(ExchangeNotifications.mark(LONG + 0)));
            store.subscriptions().confirm(attempt, response, Optional.empty());
            attempts.add(attempt);
        }
    }

    public static void main(String[] arguments) throws Exception {
        var batch = Integer.parseInt(arguments[0]);
        var folder = Files.createTempDirectory(Path.of("/tmp/store"), "rate");
        var url = "jdbc:h2:file:" + folder.resolve("store");
        var config = new StoreConfig(url, "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
        try (var store = StoreFactory.open(config, Clock.systemUTC())) {
            var rate = new RecordRate(store);
            rate.run(batch, 5);
            rate.run(batch, Integer.parseInt(arguments[1]));
        }
    }

    private void run(int batch, int seconds) {
        var rows = 0L;
        var started = System.nanoTime();
        while (System.nanoTime() - started < seconds * 1_000_000_000L) {
            var callbacks = new ArrayList<VerifiedCallback>(batch);
            for (var i = 0; i < batch; i++) {
                callbacks.add(callback());
            }
            store.intake().record(callbacks);
            rows += batch;
        }
        System.out.printf("%d a batch: %,.0f events/s%n", batch, rows * 1e9 / (System.nanoTime() - started));
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
