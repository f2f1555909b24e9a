package dev.tidemark.benchmarks.server;

import dev.tidemark.ews.codec.NotificationCodec;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.SendNotification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Store whose journal holds undelivered events of many mailboxes, each a new message.
public final class JournalFixture {
    public static final SinkName SINK = new SinkName("hook");

    /// Group of the mailboxes that [MailboxFixture] creates.
    public static final String GROUP = "bench";

    private static final int A_COMMIT = 64;
    private static final String DONE = "filled";
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final WatermarkStore store;
    private final Clock clock;
    private final List<byte[]> tokens;
    private final List<AttemptId> attempts;
    private final RequestTemplate form;
    private final NotificationCodec codec = new NotificationCodec();
    private final int commit;
    private long created;

    public JournalFixture(WatermarkStore store, Path folder, Clock clock) throws IOException {
        this(store, folder, clock, A_COMMIT);
    }

    /// @param commit callbacks that share a force
    public JournalFixture(WatermarkStore store, Path folder, Clock clock, int commit) throws IOException {
        this.commit = commit;
        this.store = store;
        this.clock = clock;
        var lines = Files.readAllLines(folder.resolve(MailboxFixture.TOKENS));
        this.tokens = lines.stream()
                .map(token -> token.getBytes(StandardCharsets.US_ASCII))
                .toList();
        var known = TidemarkServer.tokens();
        this.attempts =
                lines.stream().map(token -> known.verify(token).orElseThrow()).toList();
        this.form = RequestTemplate.of(1, true, clock.instant());
    }

    /// Puts a store with `events` events into `folder`.
    public static void prepare(Path folder, int mailboxes, int events, Path kept, Clock clock) throws IOException {
        var made = make(mailboxes, events, kept, clock);
        StoreFolder.copy(made, folder);
        Files.copy(made.resolve(MailboxFixture.TOKENS), folder.resolve(MailboxFixture.TOKENS));
    }

    /// Returns the folder of such a store; reuses a kept one.
    public static Path make(int mailboxes, int events, Path kept, Clock clock) throws IOException {
        var made = kept.resolve("journal-" + mailboxes + "-" + events);
        if (!Files.exists(made.resolve(DONE))) {
            make(made, mailboxes, events, kept, clock);
        }
        return made;
    }

    private static void make(Path folder, int mailboxes, int events, Path kept, Clock clock) throws IOException {
        Files.createDirectories(folder);
        StoreFolder.remove(folder);
        Files.deleteIfExists(folder.resolve(MailboxFixture.TOKENS));
        MailboxFixture.prepare(folder, mailboxes, kept, clock);
        try (var store = StoreFactory.open(config(folder), clock)) {
            store.deliveries().open(SINK);
            new JournalFixture(store, folder, clock).add(events);
        }
        // last, so that its presence proves a complete journal
        Files.createFile(folder.resolve(DONE));
    }

    public static StoreConfig config(Path folder) {
        return BenchmarkStores.embedded(folder);
    }

    /// Adds `events` events, as on a busy morning.
    public void add(int events) {
        for (var left = events; left > 0; left -= commit) {
            var some = new ArrayList<VerifiedCallback>(commit);
            for (var i = 0; i < Math.min(commit, left); i++) {
                some.add(next());
            }
            store.intake().record(some);
        }
    }

    /// Returns the number of events so far, which is the number of the next one.
    public long created() {
        return created;
    }

    /// Returns a new message for the next mailbox in turn. Its item id ends in the message's number within the
    /// mailbox.
    public VerifiedCallback next() {
        var mailbox = (int) (created % tokens.size());
        var number = created / tokens.size() + 1;
        created++;
        var request = new byte[form.length()];
        form.fill(request, tokens.get(mailbox), mailbox, number);
        return new VerifiedCallback(attempts.get(mailbox), read(request), clock.instant(), "127.0.0.1");
    }

    private SendNotification read(byte[] request) {
        var text = new String(request, StandardCharsets.US_ASCII);
        var body = text.indexOf(END_OF_HEAD) + END_OF_HEAD.length();
        try {
            return codec.decode(Arrays.copyOfRange(request, body, request.length));
        } catch (MalformedMessageException e) {
            throw new BenchmarkException("Failed to read the benchmark's notification: " + e.getMessage(), e);
        }
    }
}
