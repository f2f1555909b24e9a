package dev.tidemark.benchmarks.server;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Creates a store with live mailboxes, each with a first callback, and the list of their tokens.
///
/// A subscription costs two forced writes, so many of them take a minute. A store is therefore created once,
/// kept, and copied.
public final class MailboxFixture {
    static final String TOKENS = "tokens";

    /// Age of the subscriptions. For some time after a start, events are compared with possible replays. That
    /// ends within a day.
    private static final Duration AGE = Duration.ofDays(1);

    private static final int AT_ONCE = 1_000;

    static final String GROUP = "bench";
    static final String EXCHANGE = "http://127.0.0.1:9/EWS/Exchange.asmx";
    static final String PUBLIC = "http://127.0.0.1:9";

    /// Fingerprint as the daemon would store it, so that it does not resubscribe.
    private static final String FINGERPRINT = new GroupSubscriptionConfig(
                    GROUP,
                    "absent",
                    List.of(new FolderRef.Distinguished("inbox")),
                    Set.of(ChangeKind.NEW_MAIL),
                    Duration.ofDays(1),
                    URI.create(PUBLIC))
            .fingerprint();

    private MailboxFixture() {}

    /// Puts a store with `count` mailboxes into `folder`. Their addresses and subscription ids are derived from
    /// their numbers.
    public static void prepare(Path folder, int count, Path kept, Clock clock) throws IOException {
        var made = kept.resolve("live-" + count);
        if (!Files.exists(made.resolve(TOKENS))) {
            make(made, count, Clock.offset(clock, AGE.negated()));
        }
        StoreFolder.copy(made, folder);
        Files.copy(made.resolve(TOKENS), folder.resolve(TOKENS));
    }

    /// Returns the mailboxes of a prepared store.
    public static MailboxPopulation population(Path folder) throws IOException {
        return MailboxPopulation.of(Files.readAllLines(folder.resolve(TOKENS)));
    }

    /// Writes the requests of all mailboxes of a prepared store to `file`, each for a separate connection, in the form
    /// that `handshake_client` reads.
    public static void writeRequests(Path folder, Path file, Instant now) throws IOException {
        var mailboxes = population(folder);
        var template = RequestTemplate.of(1, false, now);
        var request = new byte[template.length()];
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write(template.gaps().getBytes(StandardCharsets.US_ASCII));
            for (var mailbox = 0; mailbox < mailboxes.size(); mailbox++) {
                template.fill(request, mailboxes.token(mailbox), mailbox, 1);
                out.write(request);
            }
        }
    }

    private static void make(Path folder, int count, Clock clock) throws IOException {
        Files.createDirectories(folder);
        StoreFolder.remove(folder);
        var tokens = new ArrayList<String>();
        var heartbeats = new ArrayList<VerifiedCallback>();
        try (var store = StoreFactory.open(BenchmarkStores.embedded(folder), clock)) {
            enrol(store, count);
            for (var number = 0; number < count; number++) {
                var attempt = subscribe(store, number);
                tokens.add(TidemarkServer.tokens().mint(attempt));
                heartbeats.add(heartbeat(attempt, number, clock));
            }
            callBack(store, heartbeats);
        }
        // last, so that its presence proves a complete store
        Files.write(folder.resolve(TOKENS), tokens, StandardCharsets.US_ASCII);
    }

    private static void enrol(WatermarkStore store, int count) {
        var membership = new GroupMembership(GROUP, false);
        Map<MailboxAddress, GroupMembership> all = new HashMap<>();
        for (var number = 0; number < count; number++) {
            all.put(address(number), membership);
        }
        store.mailboxes().enrolAll(all);
    }

    private static AttemptId subscribe(WatermarkStore store, int number) {
        var mailbox = store.mailboxes().find(address(number)).orElseThrow();
        var attempt = store.subscriptions().begin(mailbox.id(), SubscribeReason.INITIAL, FINGERPRINT, Optional.empty());
        var watermark = new Watermark(RequestTemplate.watermark(-1));
        var granted =
                new SubscribeResult(new SubscriptionId(RequestTemplate.subscriptionId(number)), Optional.of(watermark));
        store.subscriptions().confirm(attempt, granted, Optional.empty());
        return attempt;
    }

    /// Returns Exchange's first callback, which proves reachability and starts a chain.
    private static VerifiedCallback heartbeat(AttemptId attempt, int number, Clock clock) {
        var notification = new NotificationMessage.Notification(
                new SubscriptionId(RequestTemplate.subscriptionId(number)),
                Optional.of(new Watermark(RequestTemplate.watermark(-1))),
                false,
                List.of(new MailboxEvent.StatusEvent(Optional.of(new Watermark(RequestTemplate.watermark(0))))));
        return new VerifiedCallback(attempt, new SendNotification(List.of(notification)), clock.instant(), "127.0.0.1");
    }

    private static void callBack(WatermarkStore store, List<VerifiedCallback> all) {
        for (var first = 0; first < all.size(); first += AT_ONCE) {
            var receipts = store.intake().record(all.subList(first, Math.min(all.size(), first + AT_ONCE)));
            if (!receipts.stream().allMatch(IntakeOutcome.HeartbeatOnly.class::isInstance)) {
                throw new BenchmarkException("A heartbeat was not accepted as one.");
            }
        }
    }

    static MailboxAddress address(int number) {
        return new MailboxAddress("mailbox-%06d@example.com".formatted(number));
    }
}
