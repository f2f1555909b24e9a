package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsRequest.UnsubscribeResult;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.ews.message.NameResolutions;
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

/// Exchange with one folder per mailbox, subscriptions with watermarks, and scripted failures. Calls back only
/// at the request of a test.
public final class FakeExchange implements EwsClient {
    private final Clock clock;
    private final Map<MailboxAddress, FakeFolder> folders = new HashMap<>();
    private final List<FakePush> subscriptions = new ArrayList<>();
    private final Deque<Function<EwsRequest<?>, Optional<EwsError>>> script = new ArrayDeque<>();
    private boolean losesResponses;
    private boolean refusesWatermarks;
    private int granted;

    /// Directory entries of addresses without a mailbox.
    final List<NameResolutions.Candidate> directory = new ArrayList<>();

    private final Map<SubscriptionId, FakeStream.Subscription> streaming = new ConcurrentHashMap<>();
    private final List<FakeStream> streams = new CopyOnWriteArrayList<>();
    private final List<EwsCall.SubscribeStreaming> streamingRequests = new CopyOnWriteArrayList<>();
    private final Map<MailboxAddress, EwsError> streamingErrors = new ConcurrentHashMap<>();
    private volatile Duration cutAfter = Duration.ofDays(365);

    /// Error of each request for a stream, if any.
    public volatile Optional<EwsError> streamError = Optional.empty();

    /// Names of all requests so far.
    public final List<String> calls = new CopyOnWriteArrayList<>();

    /// Names of the requests on a new connection.
    final List<String> onNewConnections = new CopyOnWriteArrayList<>();

    /// All requests so far.
    public final List<EwsRequest<?>> requests = new CopyOnWriteArrayList<>();

    /// Offset of Exchange's clock.
    public volatile Duration ahead = Duration.ZERO;

    /// True if responses have a `Date`.
    public volatile boolean datesResponses = true;

    private ExchangeClock exchangeClock;

    /// Returns the error of a request, each time it is sent.
    public Function<EwsRequest<?>, Optional<EwsError>> refusal = request -> Optional.empty();

    /// Runs before each request is processed.
    public Runnable beforeRequest = () -> {};

    /// Runs after a subscription is granted, before its response arrives.
    public Runnable onGrant = () -> {};

    /// Runs after a streaming subscription is refused, before its response arrives.
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

    /// Responds to the next request of this kind with `error`, without executing it.
    public void failNext(Class<?> kind, EwsError error) {
        script.add(request -> kind.isInstance(request) ? Optional.of(error) : Optional.empty());
    }

    /// Grants subscriptions but loses the responses while `lose` is true.
    void loseResponses(boolean lose) {
        losesResponses = lose;
    }

    public void refuseWatermarks(boolean refuse) {
        refusesWatermarks = refuse;
    }

    /// Removes all subscriptions silently.
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

    /// Calls back for every subscription, with new events or a heartbeat. Removes subscriptions whose response
    /// is Unsubscribe.
    public List<IntakeOutcome> callBack(WatermarkStore store) {
        return callBackOnce(store, Integer.MAX_VALUE);
    }

    /// Calls back for every subscription, with at most `limit` changes.
    public List<IntakeOutcome> callBackOnce(WatermarkStore store, int limit) {
        var receipts = new ArrayList<IntakeOutcome>();
        for (var push : List.copyOf(subscriptions)) {
            var body = push.next(limit);
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
            var refusal = streamingErrors.get(mailbox);
            if (refusal != null) {
                onStreamRefusal.run();
                return new EwsResult.Refused<>(refusal);
            }
            return (EwsResult<R>) subscribeStreaming(folder(mailbox.value()), subscribe);
        }
        if (!(call instanceof EwsRequest<R> request)) {
            throw new AssertionError("No test sends " + call);
        }
        beforeRequest.run();
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
                        if (!gone.subscriptionId().value().startsWith("stream-")) {
                            throw new AssertionError("Exchange refuses Unsubscribe for push.");
                        }
                        // it may have been forgotten before another thread ends it
                        yield streaming.remove(gone.subscriptionId()) == null
                                ? new EwsResult.Refused<>(error("ErrorSubscriptionNotFound"))
                                : new EwsResult.Success<>(new UnsubscribeResult());
                    }
                    case EwsRequest.GetItem ignored -> throw new AssertionError("No test fetches items.");
                    case EwsRequest.GetFolder ignored -> throw new AssertionError("No test fetches folders.");
                };
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
        calls.add("GetStreamingEvents");
        if (streamError.isPresent()) {
            return new EwsResult.Refused<>(streamError.get());
        }
        var stream = new FakeStream(request, streaming, clock, cutAfter);
        streams.add(stream);
        return new EwsResult.Success<>(stream);
    }

    private EwsResult<SubscribeResult> subscribeStreaming(FakeFolder folder, EwsCall.SubscribeStreaming request) {
        var id = new SubscriptionId("stream-" + ++granted);
        streaming.put(id, new FakeStream.Subscription(folder, request.events()));
        return new EwsResult.Success<>(new SubscribeResult(id, Optional.empty()));
    }

    /// Makes streams fall silent at this age.
    public void cutStreamsAfter(Duration age) {
        cutAfter = age;
    }

    /// Refuses streaming subscriptions of this mailbox with `error`.
    public void refuseStreaming(String address, EwsError error) {
        streamingErrors.put(new MailboxAddress(address), error);
    }

    public void allowStreaming(String address) {
        streamingErrors.remove(new MailboxAddress(address));
    }

    public void forgetStreamingSubscriptions() {
        streaming.clear();
    }

    /// Returns all streams opened so far.
    public List<FakeStream> streams() {
        return List.copyOf(streams);
    }

    public int streamCount() {
        return streams.size();
    }

    /// Returns the number of streams with a reader.
    public int openStreams() {
        return (int) streams.stream().filter(FakeStream::isOpen).count();
    }

    /// Returns the number of ended streams that Tidemark should have closed.
    public int streamsDue() {
        return (int) streams.stream().filter(FakeStream::isDue).count();
    }

    private EwsResult<SubscribeResult> subscribe(FakeFolder folder, EwsRequest.SubscribePush request) {
        if (refusesWatermarks && request.watermark().isPresent()) {
            return new EwsResult.Refused<>(new EwsError.ResubscribeAndResync(
                    new ResponseCode("ErrorInvalidWatermark"), "The watermark used for the subscription is invalid."));
        }
        var id = new SubscriptionId("sub-" + ++granted);
        var from = request.watermark().map(FakeFolder::position).orElseGet(folder::end);
        subscriptions.add(new FakePush(id, folder, request, from));
        onGrant.run();
        return losesResponses
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
