package dev.tidemark.contract;

import dev.tidemark.store.MailboxLocationStore;
import dev.tidemark.store.ResyncStore.FolderState;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.change.JournalRow;
import dev.tidemark.store.change.MailboxRow;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.DeliveryPosition.Range;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import dev.tidemark.store.model.SinkStatus;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ClockOffset;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MessageDetail;
import dev.tidemark.values.SyncState;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Creates changes of every kind with random values. Some values have the maximum length, and keys repeat, so that
/// many changes concern the same row.
public final class RandomChanges {
    private static final int KEYS = 3;
    private static final List<Instant> INSTANTS = List.of(
            Instant.EPOCH,
            Instant.EPOCH.minusNanos(1),
            Instant.parse("2026-11-29T09:00:00.123456789Z"),
            Instant.parse("9999-12-31T23:59:59.999999999Z"),
            Instant.parse("0001-01-01T00:00:00Z"),
            Instant.MIN,
            Instant.MAX);
    private static final int[] LETTERS =
            "abcXYZ019 /<&'\"\n\u0000äßπ漢🙂".codePoints().toArray();

    private final Random random;
    private final int[] letters;
    private final Map<Class<?>, Supplier<Change>> makers = new LinkedHashMap<>();

    public RandomChanges(long seed) {
        this(seed, LETTERS);
    }

    private RandomChanges(long seed, int... letters) {
        this.random = new Random(seed);
        this.letters = letters;
        addStoreKinds();
        addDeliveryKinds();
    }

    /// Returns random changes without the character U+0000 in their texts, which PostgreSQL cannot store.
    public static RandomChanges withoutNul(long seed) {
        return new RandomChanges(
                seed, IntStream.of(LETTERS).filter(letter -> letter > 0).toArray());
    }

    /// Returns the kinds of changes.
    public List<Class<?>> kinds() {
        return List.copyOf(makers.keySet());
    }

    /// Returns a change of this kind.
    public Change of(Class<?> kind) {
        return Objects.requireNonNull(makers.get(kind), kind.getName()).get();
    }

    /// Returns changes of any kind.
    public List<Change> some(int count) {
        var kinds = kinds();
        return Stream.generate(() -> of(kinds.get(random.nextInt(kinds.size()))))
                .limit(count)
                .toList();
    }

    private void addStoreKinds() {
        makers.put(Change.JournalAppended.class, () -> new Change.JournalAppended(journalRow()));
        makers.put(Change.JournalPruned.class, () -> new Change.JournalPruned(number()));
        makers.put(Change.MailboxSaved.class, () -> new Change.MailboxSaved(mailboxRow()));
        makers.put(Change.MailboxForgotten.class, () -> new Change.MailboxForgotten(mailbox(), number(), flag()));
        makers.put(
                Change.InstanceSaved.class,
                () -> new Change.InstanceSaved(text(255), text(255), instant(), flag(), number()));
        makers.put(Change.FolderStateSaved.class, () -> new Change.FolderStateSaved(mailbox(), key(1024), state()));
        makers.put(Change.FolderStateRemoved.class, () -> new Change.FolderStateRemoved(mailbox(), key(1024)));
        makers.put(Change.DetailSaved.class, () -> new Change.DetailSaved(position(), detail()));
        makers.put(Change.DetailRemoved.class, () -> new Change.DetailRemoved(position()));
        makers.put(
                Change.DetailSpanSaved.class,
                () -> new Change.DetailSpanSaved(key(255), position(), maybe(this::position)));
        makers.put(Change.DetailsPruned.class, () -> new Change.DetailsPruned(number()));
        makers.put(Change.MailboxLocationSaved.class, () -> new Change.MailboxLocationSaved(mailbox(), location()));
        makers.put(Change.MailboxLocationRemoved.class, () -> new Change.MailboxLocationRemoved(mailbox()));
        makers.put(
                Change.ClockOffsetSaved.class,
                () -> new Change.ClockOffsetSaved(key(256), new ClockOffset(duration(), duration())));
        makers.put(Change.EventTimeSaved.class, () -> new Change.EventTimeSaved(key(256), duration()));
    }

    private void addDeliveryKinds() {
        makers.put(Change.SinkSaved.class, () -> new Change.SinkSaved(sink(), deliveryPosition(), status()));
        makers.put(Change.SinkRemoved.class, () -> new Change.SinkRemoved(sink()));
        makers.put(Change.DeliveryDeferred.class, () -> new Change.DeliveryDeferred(deferred()));
        makers.put(Change.DeferralRemoved.class, () -> new Change.DeferralRemoved(sink(), position()));
        makers.put(Change.DeadLetterSaved.class, () -> new Change.DeadLetterSaved(letter(), flag()));
        makers.put(Change.DeadLetterRemoved.class, () -> new Change.DeadLetterRemoved(key(255)));
        makers.put(Change.ReplaySaved.class, () -> new Change.ReplaySaved(replay()));
        makers.put(Change.ReplayRemoved.class, () -> new Change.ReplayRemoved(key(255)));
    }

    private JournalRow journalRow() {
        return new JournalRow(1 + random.nextInt(KEYS), 1 + random.nextInt(400), random.nextLong(), bytes(1 << 20));
    }

    private MailboxRow mailboxRow() {
        var id = mailbox();
        var name = id.value().equals(mailboxId(0)) ? id.value() + "x".repeat(512 - 20 - 12) : id.value();
        return new MailboxRow(id, new MailboxAddress(name + "@example.com"), bytes(1 << 16));
    }

    private FolderState state() {
        return new FolderState(new SyncState("s" + text(300_000)), instant(), flag());
    }

    private MailboxLocationStore.MailboxLocation location() {
        var path = "x".repeat(random.nextInt(10) == 0 ? 2048 - 24 : random.nextInt(100));
        return new MailboxLocationStore.MailboxLocation(
                URI.create("https://ews.example.com/" + path), maybe(() -> "g" + text(1023)), instant());
    }

    private DeliveryPosition deliveryPosition() {
        var ranges = new ArrayList<Range>();
        var last = random.nextLong(1L << 40);
        var upTo = new JournalPosition(last);
        for (var left = random.nextInt(10) == 0 ? 50_000 : random.nextInt(4); left > 0; left--) {
            var first = last + 2 + random.nextInt(1000);
            last = first + random.nextInt(1000);
            ranges.add(new Range(new JournalPosition(first), new JournalPosition(last)));
        }
        return new DeliveryPosition(upTo, ranges);
    }

    private SinkStatus status() {
        return new SinkStatus(maybe(this::instant), flag(), flag(), maybe(() -> text(2000)));
    }

    private DeferredDelivery deferred() {
        return new DeferredDelivery(
                sink(),
                position(),
                text(255),
                count(),
                maybe(this::instant),
                instant(),
                flag(),
                maybe(() -> text(2000)));
    }

    private DeadLetter letter() {
        var response = maybe(() -> new DeadLetter.RefusedResponse(random.nextInt(600), text(5000)));
        return new DeadLetter(key(255), sink(), event(), text(5000), count(), instant(), response);
    }

    private JournalEvent event() {
        var ref = new EventData.MailboxRef(mailbox(), new MailboxAddress("ada@example.com"), text(100));
        var mailbox = maybe(() -> ref);
        return flag() ? change(ref) : lifecycle(mailbox);
    }

    private JournalEvent change(EventData.MailboxRef ref) {
        var data = new EventData.Change(
                ref,
                ChangeKind.CREATED,
                new ItemId("i" + text(1000), maybe(() -> text(100))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty());
        return event(new EventSource.OfMailbox(ref.id()), Optional.of(EventOrigin.PUSH), data);
    }

    private JournalEvent lifecycle(Optional<EventData.MailboxRef> mailbox) {
        var source = mailbox.<EventSource>map(ref -> new EventSource.OfMailbox(ref.id()))
                .orElseGet(EventSource.OfInstance::new);
        var data = new EventData.Lifecycle(mailbox, Map.of("text", text(340_000), "number", number()));
        return event(source, Optional.empty(), data);
    }

    private JournalEvent event(EventSource source, Optional<EventOrigin> origin, EventData data) {
        var id = new EventKey(random.nextLong(), random.nextLong(), random.nextInt(4)).id();
        return new JournalEvent(
                new JournalPosition(number()), id, source, number(), text(50), instant(), instant(), origin, data);
    }

    private SinkReplay replay() {
        return new SinkReplay(
                key(255),
                sink(),
                instant(),
                new JournalPosition(number()),
                new JournalPosition(number()),
                maybe(this::mailbox),
                maybe(() -> text(1024)),
                count(),
                new SinkReplay.ReplayCounts(number(), number()));
    }

    private ItemDetail detail() {
        return switch (random.nextInt(3)) {
            case 0 -> new ItemDetail.NotFound();
            case 1 -> new ItemDetail.Unavailable();
            default -> new ItemDetail.Found(message());
        };
    }

    private MessageDetail message() {
        return new MessageDetail(
                new ItemId("i" + text(500), maybe(() -> text(50))),
                maybe(() -> text(50)),
                maybe(() -> text(250_000)),
                maybe(() -> text(900)),
                Optional.empty(),
                maybe(this::correspondent),
                List.of(correspondent(), correspondent()),
                List.of(),
                List.of(),
                maybe(this::instant),
                maybe(this::instant),
                maybe(this::flag),
                flag() ? OptionalLong.of(number()) : OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                maybe(this::flag),
                List.of(text(20)),
                Optional.empty(),
                maybe(() -> text(255)),
                Optional.empty());
    }

    private MessageDetail.Correspondent correspondent() {
        return new MessageDetail.Correspondent(maybe(() -> text(100)), maybe(() -> text(100)));
    }

    private MailboxId mailbox() {
        return new MailboxId(mailboxId(random.nextInt(KEYS)));
    }

    private static String mailboxId(int number) {
        return "mbx_" + String.valueOf((char) ('a' + number)).repeat(16);
    }

    private SinkName sink() {
        return new SinkName(key(255));
    }

    private JournalPosition position() {
        return new JournalPosition(random.nextInt(KEYS) == 0 ? Long.MAX_VALUE : random.nextInt(KEYS));
    }

    /// Returns one of a few keys; the first has the maximum length.
    private String key(int longest) {
        var number = random.nextInt(KEYS);
        return number == 0 ? "k".repeat(longest) : "k🙂" + number;
    }

    /// Returns a text. Its length counts Java's UTF-16 units, as in the store.
    private String text(int longest) {
        var length = random.nextInt(10) == 0 ? longest : random.nextInt(Math.min(longest, 60) + 1);
        var text = new StringBuilder();
        while (text.length() < length) {
            var letter = letters[random.nextInt(letters.length)];
            text.appendCodePoint(text.length() + Character.charCount(letter) > length ? 'x' : letter);
        }
        return text.toString();
    }

    private byte[] bytes(int longest) {
        var bytes = new byte[random.nextInt(10) == 0 ? longest : random.nextInt(100)];
        random.nextBytes(bytes);
        return bytes;
    }

    private Duration duration() {
        return Duration.ofSeconds(random.nextLong(-1L << 40, 1L << 40), random.nextInt(1_000_000_000));
    }

    private Instant instant() {
        return INSTANTS.get(random.nextInt(INSTANTS.size()));
    }

    private long number() {
        return random.nextBoolean() ? random.nextInt(1000) : random.nextLong(Long.MAX_VALUE);
    }

    private int count() {
        return random.nextBoolean() ? random.nextInt(10) : Integer.MAX_VALUE;
    }

    private boolean flag() {
        return random.nextBoolean();
    }

    private <T> Optional<T> maybe(Supplier<T> maker) {
        return flag() ? Optional.of(maker.get()) : Optional.empty();
    }
}
