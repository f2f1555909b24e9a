package dev.tidemark.benchmarks;

import dev.tidemark.ews.MailboxAddress;
import dev.tidemark.ews.Subscribed;
import dev.tidemark.ews.SubscriptionId;
import dev.tidemark.ews.Watermark;
import dev.tidemark.watermark.Membership;
import dev.tidemark.watermark.Stores;
import dev.tidemark.watermark.SubscribeReason;
import dev.tidemark.watermark.WatermarkStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Makes a store with live mailboxes in it, and the list of the tokens that reach them.
///
/// A subscription costs two writes that are forced to disk, so that many of them take a minute: what was made
/// once is kept, and copied.
final class LiveMailboxes {
    static final String TOKENS = "tokens";
    static final String DATABASE = "tidemark.mv.db";

    /// After a subscription has begun, events are held against what a replay might repeat, until some are from
    /// later. That is over in a day.
    private static final Duration AGE = Duration.ofDays(1);

    private LiveMailboxes() {}

    /// Puts a store with `count` of them, each with an address and a subscription id by its number, into
    /// `folder`.
    static void into(Path folder, int count, Path kept, Clock clock) throws IOException {
        var made = kept.resolve("mailboxes-" + count);
        if (!Files.exists(made.resolve(TOKENS))) {
            make(made, count, Clock.offset(clock, AGE.negated()));
        }
        Files.createDirectories(folder);
        Files.copy(made.resolve(DATABASE), folder.resolve(DATABASE));
        Files.copy(made.resolve(TOKENS), folder.resolve(TOKENS));
    }

    private static void make(Path folder, int count, Clock clock) throws IOException {
        Files.createDirectories(folder);
        Files.deleteIfExists(folder.resolve(DATABASE));
        var tokens = new StringBuilder();
        try (var store = Stores.open(TidemarkServer.config(folder), clock)) {
            enrol(store, count);
            for (var number = 0; number < count; number++) {
                tokens.append(subscribe(store, number)).append('\n');
            }
        }
        // last: whoever finds it finds a whole store
        Files.writeString(folder.resolve(TOKENS), tokens, StandardCharsets.US_ASCII);
    }

    private static void enrol(WatermarkStore store, int count) {
        var membership = new Membership("bench", false);
        Map<MailboxAddress, Membership> all = new HashMap<>();
        for (var number = 0; number < count; number++) {
            all.put(address(number), membership);
        }
        store.mailboxes().enrolAll(all);
    }

    private static String subscribe(WatermarkStore store, int number) {
        var mailbox = store.mailboxes().find(address(number)).orElseThrow();
        var attempt = store.subscriptions().begin(mailbox.id(), SubscribeReason.INITIAL, "bench", Optional.empty());
        var granted = new Subscribed(
                new SubscriptionId(RequestForm.subscriptionId(number)), Optional.of(new Watermark("AQAAAMNuF7")));
        store.subscriptions().confirm(attempt, granted, Optional.empty());
        return TidemarkServer.tokens().mint(attempt);
    }

    private static MailboxAddress address(int number) {
        return new MailboxAddress("mailbox-%06d@example.com".formatted(number));
    }
}
