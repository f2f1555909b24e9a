package dev.tidemark.subscriber;

import dev.tidemark.ews.EventStream;
import dev.tidemark.ews.EwsAnswer;
import dev.tidemark.ews.EwsCall;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.EwsError;
import dev.tidemark.ews.EwsRequest;
import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.ews.GetStreamingEvents;
import dev.tidemark.ews.Resolutions;
import dev.tidemark.ews.Unsubscribed;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.Subscribed;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import dev.tidemark.watermark.Callback;
import dev.tidemark.watermark.Receipt;
import dev.tidemark.watermark.WatermarkStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;

/// An Exchange small enough to read: one folder a mailbox, subscriptions with watermarks, and whatever goes
/// wrong as a test scripts it. Call-backs are made when a test says so.
final class FakeExchange implements EwsClient {
    private final Clock clock;
    private final Map<MailboxAddress, FakeFolder> folders = new HashMap<>();
    private final List<FakePush> subscriptions = new ArrayList<>();
    private final Deque<Function<EwsRequest<?>, Optional<EwsError>>> script = new ArrayDeque<>();
    private boolean losesReplies;
    private boolean refusesWatermarks;
    private int sold;

    /// What addresses that have no mailbox stand for.
    final List<Resolutions.Candidate> directory = new ArrayList<>();

    private final Map<SubscriptionId, FakeStream.Subscription> streaming = new ConcurrentHashMap<>();
    private final List<FakeStream> streams = new CopyOnWriteArrayList<>();
    private final List<EwsCall.SubscribeStreaming> streamingRequests = new CopyOnWriteArrayList<>();
    private final Map<MailboxAddress, EwsError> streamless = new ConcurrentHashMap<>();
    private volatile Duration cutAfter = Duration.ofDays(365);

    /// What opening a stream is answered with, while there is something.
    volatile Optional<EwsError> opensNoStream = Optional.empty();

    /// The names of everything asked for so far.
    final List<String> calls = new CopyOnWriteArrayList<>();

    /// Names of the requests on a new connection.
    final List<String> onNewConnections = new CopyOnWriteArrayList<>();

    /// Every request so far.
    final List<EwsRequest<?>> requests = new CopyOnWriteArrayList<>();

    /// Offset of Exchange's clock.
    volatile Duration ahead = Duration.ZERO;

    /// True if responses have a `Date`.
    volatile boolean datesResponses = true;

    private ExchangeClock exchangeClock;

    /// Returns the refusal of a request, as often as it comes.
    Function<EwsRequest<?>, Optional<EwsError>> refusal = request -> Optional.empty();

    /// Run before each request is looked at.
    Runnable meanwhile = () -> {};

    /// Run after a subscription is granted, before its answer arrives.
    Runnable onGrant = () -> {};

    /// Run after a streaming subscription is refused, before its answer arrives.
    volatile Runnable onStreamRefusal = () -> {};

    FakeExchange(Clock clock) {
        this.clock = clock;
        this.exchangeClock = new ExchangeClock(clock);
    }

    private Instant now() {
        return clock.instant().plus(ahead);
    }

    /// Forgets the readings, as after a start of the client.
    void restartClient() {
        exchangeClock = new ExchangeClock(clock);
    }

    @Override
    public ExchangeClock exchangeClock() {
        return exchangeClock;
    }

    FakeFolder folder(String address) {
        return folders.computeIfAbsent(new MailboxAddress(address), ignored -> new FakeFolder(this::now));
    }

    /// Answers the next request of this kind with `error`, without doing anything.
    void failNext(Class<?> kind, EwsError error) {
        script.add(request -> kind.isInstance(request) ? Optional.of(error) : Optional.empty());
    }

    /// Grants subscriptions, but loses the answers, until told otherwise.
    void loseReplies(boolean lose) {
        losesReplies = lose;
    }

    void refuseWatermarks(boolean refuse) {
        refusesWatermarks = refuse;
    }

    /// Forgets all subscriptions without a word.
    void forgetSubscriptions() {
        subscriptions.clear();
    }

    int subscriptionCount() {
        return subscriptions.size();
    }

    <R> List<R> requests(Class<R> kind) {
        return Stream.concat(List.copyOf(requests).stream(), streamingRequests.stream())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /// Calls back for every subscription, with what is new or else a heartbeat; who answers Unsubscribe is
    /// forgotten.
    List<Receipt> callBack(WatermarkStore store) {
        return callBackOnce(store, Integer.MAX_VALUE);
    }

    /// The same, but tells of at most `most` changes.
    List<Receipt> callBackOnce(WatermarkStore store, int most) {
        var receipts = new ArrayList<Receipt>();
        for (var push : List.copyOf(subscriptions)) {
            var body = push.next(most);
            var receipt = store.intake()
                    .record(List.of(new Callback(push.attempt(), body, clock.instant(), "192.0.2.1")))
                    .getFirst();
            receipts.add(receipt);
            if (receipt instanceof Receipt.Superseded) {
                subscriptions.remove(push);
            }
        }
        return receipts;
    }

    @Override
    public <R> EwsAnswer<R> sendOnNewConnection(MailboxAddress mailbox, EwsCall<R> call) {
        onNewConnections.add(call.getClass().getSimpleName());
        return send(mailbox, call);
    }

    @Override
    public synchronized <R> EwsAnswer<R> send(MailboxAddress mailbox, EwsCall<R> call) {
        var askedAt = exchangeClock.asked();
        var answer = answer(mailbox, call);
        if (datesResponses && answer instanceof EwsAnswer.Success<R>) {
            exchangeClock.answered(askedAt, now().truncatedTo(ChronoUnit.SECONDS));
        }
        return answer;
    }

    @SuppressWarnings("unchecked")
    private <R> EwsAnswer<R> answer(MailboxAddress mailbox, EwsCall<R> call) {
        calls.add(call.getClass().getSimpleName());
        if (call instanceof EwsCall.ResolveNames resolve) {
            return (EwsAnswer<R>) new EwsAnswer.Success<>(new Resolutions(
                    directory.stream()
                            .filter(candidate -> candidate.address().equals(resolve.entry()))
                            .toList(),
                    true));
        }
        if (call instanceof EwsCall.SubscribeStreaming subscribe) {
            streamingRequests.add(subscribe);
            var refusal = streamless.get(mailbox);
            if (refusal != null) {
                onStreamRefusal.run();
                return new EwsAnswer.Refused<>(refusal);
            }
            return (EwsAnswer<R>) subscribeStreaming(folder(mailbox.value()), subscribe);
        }
        if (!(call instanceof EwsRequest<R> request)) {
            throw new AssertionError("Nobody needs " + call);
        }
        meanwhile.run();
        requests.add(request);
        var refused = refusal.apply(request);
        if (refused.isPresent()) {
            return new EwsAnswer.Refused<>(refused.get());
        }
        if (!script.isEmpty()) {
            var error = script.peek().apply(request);
            if (error.isPresent()) {
                script.remove();
                return new EwsAnswer.Refused<>(error.get());
            }
        }
        return (EwsAnswer<R>)
                switch (request) {
                    case EwsRequest.SubscribePush subscribe -> subscribe(folder(mailbox.value()), subscribe);
                    case EwsRequest.SyncFolderItems sync ->
                        folder(mailbox.value()).sync(sync);
                    case EwsRequest.Unsubscribe gone -> {
                        if (!gone.subscriptionId().value().startsWith("stream-")) {
                            throw new AssertionError("Exchange refuses it for push.");
                        }
                        // it may have been forgotten before another thread ends it
                        yield streaming.remove(gone.subscriptionId()) == null
                                ? new EwsAnswer.Refused<>(error("ErrorSubscriptionNotFound"))
                                : new EwsAnswer.Success<>(new Unsubscribed());
                    }
                    case EwsRequest.GetItem ignored -> throw new AssertionError("Nobody needs items.");
                    case EwsRequest.GetFolder ignored -> throw new AssertionError("Nobody needs folders.");
                };
    }

    @Override
    public EwsAnswer<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
        calls.add("GetStreamingEvents");
        if (opensNoStream.isPresent()) {
            return new EwsAnswer.Refused<>(opensNoStream.get());
        }
        var stream = new FakeStream(request, streaming, clock, cutAfter);
        streams.add(stream);
        return new EwsAnswer.Success<>(stream);
    }

    private EwsAnswer<Subscribed> subscribeStreaming(FakeFolder folder, EwsCall.SubscribeStreaming request) {
        var id = new SubscriptionId("stream-" + ++sold);
        streaming.put(id, new FakeStream.Subscription(folder, request.events()));
        return new EwsAnswer.Success<>(new Subscribed(id, Optional.empty()));
    }

    /// Streams fall silent at this age.
    void cutStreamsAfter(Duration age) {
        cutAfter = age;
    }

    /// Answers streaming subscriptions of this mailbox so.
    void refuseStreaming(String address, EwsError error) {
        streamless.put(new MailboxAddress(address), error);
    }

    void allowStreaming(String address) {
        streamless.remove(new MailboxAddress(address));
    }

    void forgetStreamingSubscriptions() {
        streaming.clear();
    }

    /// All streams ever opened.
    List<FakeStream> streams() {
        return List.copyOf(streams);
    }

    int streamCount() {
        return streams.size();
    }

    /// Streams that somebody reads.
    int openStreams() {
        return (int) streams.stream().filter(FakeStream::isOpen).count();
    }

    /// Streams that are over, and nobody has noticed though he should.
    int streamsDue() {
        return (int) streams.stream().filter(FakeStream::isDue).count();
    }

    private EwsAnswer<Subscribed> subscribe(FakeFolder folder, EwsRequest.SubscribePush request) {
        if (refusesWatermarks && request.watermark().isPresent()) {
            return new EwsAnswer.Refused<>(new EwsError.ResubscribeAndResync(
                    new ResponseCode("ErrorInvalidWatermark"), "The watermark used for the subscription is invalid."));
        }
        var id = new SubscriptionId("sub-" + ++sold);
        var from = request.watermark().map(FakeFolder::position).orElseGet(folder::end);
        subscriptions.add(new FakePush(id, folder, request, from));
        onGrant.run();
        return losesReplies
                ? new EwsAnswer.Refused<>(timeout())
                : new EwsAnswer.Success<>(new Subscribed(id, Optional.of(FakeFolder.watermark(from))));
    }

    @Override
    public void close() {}

    static EwsError timeout() {
        return error("ConnectionTimeout");
    }

    static EwsError error(String code) {
        return new EwsError.RetryAfter(new ResponseCode(code), code, Optional.empty());
    }

    static Watermark watermark(EwsRequest.SubscribePush request) {
        return request.watermark().orElseThrow();
    }
}
