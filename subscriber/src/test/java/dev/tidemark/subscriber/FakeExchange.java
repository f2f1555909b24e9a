package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.ews.message.NameResolutions;
import dev.tidemark.ews.message.UnsubscribeResult;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
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
public final class FakeExchange implements EwsClient {
    private final Clock clock;
    private final Map<MailboxAddress, FakeFolder> folders = new HashMap<>();
    private final List<FakePush> subscriptions = new ArrayList<>();
    private final Deque<Function<EwsRequest<?>, Optional<EwsError>>> script = new ArrayDeque<>();
    private boolean losesReplies;
    private boolean refusesWatermarks;
    private int sold;

    /// What addresses that have no mailbox stand for.
    final List<NameResolutions.Candidate> directory = new ArrayList<>();

    private final Map<SubscriptionId, FakeStream.Subscription> streaming = new ConcurrentHashMap<>();
    private final List<FakeStream> streams = new CopyOnWriteArrayList<>();
    private final List<EwsCall.SubscribeStreaming> streamingRequests = new CopyOnWriteArrayList<>();
    private final Map<MailboxAddress, EwsError> streamless = new ConcurrentHashMap<>();
    private volatile Duration cutAfter = Duration.ofDays(365);

    /// What opening a stream is answered with, while there is something.
    public volatile Optional<EwsError> opensNoStream = Optional.empty();

    /// The names of everything asked for so far.
    public final List<String> calls = new CopyOnWriteArrayList<>();

    /// Names of the requests on a new connection.
    final List<String> onNewConnections = new CopyOnWriteArrayList<>();

    /// Every request so far.
    public final List<EwsRequest<?>> requests = new CopyOnWriteArrayList<>();

    /// Offset of Exchange's clock.
    public volatile Duration ahead = Duration.ZERO;

    /// True if responses have a `Date`.
    public volatile boolean datesResponses = true;

    private ExchangeClock exchangeClock;

    /// Returns the refusal of a request, as often as it comes.
    public Function<EwsRequest<?>, Optional<EwsError>> refusal = request -> Optional.empty();

    /// Run before each request is looked at.
    public Runnable meanwhile = () -> {};

    /// Run after a subscription is granted, before its answer arrives.
    public Runnable onGrant = () -> {};

    /// Run after a streaming subscription is refused, before its answer arrives.
    public volatile Runnable onStreamRefusal = () -> {};

    public FakeExchange(Clock clock) {
        this.clock = clock;
        this.exchangeClock = new ExchangeClock(clock);
    }

    private Instant now() {
        return clock.instant().plus(ahead);
    }

    /// Forgets the readings, as after a start of the client.
    public void restartClient() {
        exchangeClock = new ExchangeClock(clock);
    }

    @Override
    public ExchangeClock exchangeClock() {
        return exchangeClock;
    }

    public FakeFolder folder(String address) {
        return folders.computeIfAbsent(new MailboxAddress(address), ignored -> new FakeFolder(this::now));
    }

    /// Answers the next request of this kind with `error`, without doing anything.
    public void failNext(Class<?> kind, EwsError error) {
        script.add(request -> kind.isInstance(request) ? Optional.of(error) : Optional.empty());
    }

    /// Grants subscriptions, but loses the answers, until told otherwise.
    void loseReplies(boolean lose) {
        losesReplies = lose;
    }

    public void refuseWatermarks(boolean refuse) {
        refusesWatermarks = refuse;
    }

    /// Forgets all subscriptions without a word.
    public void forgetSubscriptions() {
        subscriptions.clear();
    }

    int subscriptionCount() {
        return subscriptions.size();
    }

    public <R> List<R> requests(Class<R> kind) {
        return Stream.concat(List.copyOf(requests).stream(), streamingRequests.stream())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /// Calls back for every subscription, with what is new or else a heartbeat; who answers Unsubscribe is
    /// forgotten.
    public List<IntakeOutcome> callBack(WatermarkStore store) {
        return callBackOnce(store, Integer.MAX_VALUE);
    }

    /// The same, but tells of at most `most` changes.
    public List<IntakeOutcome> callBackOnce(WatermarkStore store, int most) {
        var receipts = new ArrayList<IntakeOutcome>();
        for (var push : List.copyOf(subscriptions)) {
            var body = push.next(most);
            var receipt = store.intake()
                    .record(List.of(new VerifiedCallback(push.attempt(), body, clock.instant(), "192.0.2.1")))
                    .getFirst();
            receipts.add(receipt);
            if (receipt instanceof IntakeOutcome.Superseded) {
                subscriptions.remove(push);
            }
        }
        return receipts;
    }

    @Override
    public <R> EwsResult<R> sendOnNewConnection(MailboxAddress mailbox, EwsCall<R> call) {
        onNewConnections.add(call.getClass().getSimpleName());
        return send(mailbox, call);
    }

    @Override
    public synchronized <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call) {
        var askedAt = exchangeClock.localNow();
        var answer = answer(mailbox, call);
        if (datesResponses && answer instanceof EwsResult.Success<R>) {
            exchangeClock.addResponse(askedAt, now().truncatedTo(ChronoUnit.SECONDS));
        }
        return answer;
    }

    @SuppressWarnings("unchecked")
    private <R> EwsResult<R> answer(MailboxAddress mailbox, EwsCall<R> call) {
        calls.add(call.getClass().getSimpleName());
        if (call instanceof EwsCall.ResolveNames resolve) {
            return (EwsResult<R>) new EwsResult.Success<>(new NameResolutions(
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
                return new EwsResult.Refused<>(refusal);
            }
            return (EwsResult<R>) subscribeStreaming(folder(mailbox.value()), subscribe);
        }
        if (!(call instanceof EwsRequest<R> request)) {
            throw new AssertionError("Nobody needs " + call);
        }
        meanwhile.run();
        requests.add(request);
        var refused = refusal.apply(request);
        if (refused.isPresent()) {
            return new EwsResult.Refused<>(refused.get());
        }
        if (!script.isEmpty()) {
            var error = script.peek().apply(request);
            if (error.isPresent()) {
                script.remove();
                return new EwsResult.Refused<>(error.get());
            }
        }
        return (EwsResult<R>)
                switch (request) {
                    case EwsRequest.SubscribePush subscribe -> subscribe(folder(mailbox.value()), subscribe);
                    case EwsRequest.SyncFolderItems sync ->
                        folder(mailbox.value()).sync(sync);
                    case EwsRequest.Unsubscribe gone -> {
                        if (streaming.remove(gone.subscriptionId()) == null) {
                            throw new AssertionError("Exchange refuses it for push.");
                        }
                        yield new EwsResult.Success<>(new UnsubscribeResult());
                    }
                    case EwsRequest.GetItem ignored -> throw new AssertionError("Nobody needs items.");
                    case EwsRequest.GetFolder ignored -> throw new AssertionError("Nobody needs folders.");
                };
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
        calls.add("GetStreamingEvents");
        if (opensNoStream.isPresent()) {
            return new EwsResult.Refused<>(opensNoStream.get());
        }
        var stream = new FakeStream(request, streaming, clock, cutAfter);
        streams.add(stream);
        return new EwsResult.Success<>(stream);
    }

    private EwsResult<SubscribeResult> subscribeStreaming(FakeFolder folder, EwsCall.SubscribeStreaming request) {
        var id = new SubscriptionId("stream-" + ++sold);
        streaming.put(id, new FakeStream.Subscription(folder, request.events()));
        return new EwsResult.Success<>(new SubscribeResult(id, Optional.empty()));
    }

    /// Streams fall silent at this age.
    public void cutStreamsAfter(Duration age) {
        cutAfter = age;
    }

    /// Answers streaming subscriptions of this mailbox so.
    public void refuseStreaming(String address, EwsError error) {
        streamless.put(new MailboxAddress(address), error);
    }

    public void allowStreaming(String address) {
        streamless.remove(new MailboxAddress(address));
    }

    public void forgetStreamingSubscriptions() {
        streaming.clear();
    }

    /// All streams ever opened.
    public List<FakeStream> streams() {
        return List.copyOf(streams);
    }

    public int streamCount() {
        return streams.size();
    }

    /// Streams that somebody reads.
    public int openStreams() {
        return (int) streams.stream().filter(FakeStream::isOpen).count();
    }

    /// Streams that are over, and nobody has noticed though he should.
    public int streamsDue() {
        return (int) streams.stream().filter(FakeStream::isDue).count();
    }

    private EwsResult<SubscribeResult> subscribe(FakeFolder folder, EwsRequest.SubscribePush request) {
        if (refusesWatermarks && request.watermark().isPresent()) {
            return new EwsResult.Refused<>(new EwsError.ResubscribeAndResync(
                    new ResponseCode("ErrorInvalidWatermark"), "The watermark used for the subscription is invalid."));
        }
        var id = new SubscriptionId("sub-" + ++sold);
        var from = request.watermark().map(FakeFolder::position).orElseGet(folder::end);
        subscriptions.add(new FakePush(id, folder, request, from));
        onGrant.run();
        return losesReplies
                ? new EwsResult.Refused<>(timeout())
                : new EwsResult.Success<>(new SubscribeResult(id, Optional.of(FakeFolder.watermark(from))));
    }

    @Override
    public void close() {}

    public static EwsError timeout() {
        return error("ConnectionTimeout");
    }

    public static EwsError error(String code) {
        return new EwsError.RetryAfter(new ResponseCode(code), code, Optional.empty());
    }

    static Watermark watermark(EwsRequest.SubscribePush request) {
        return request.watermark().orElseThrow();
    }
}
