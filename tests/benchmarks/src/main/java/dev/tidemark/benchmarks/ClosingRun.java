package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.JettyHost;
import dev.tidemark.benchmarks.server.JournalFixture;
import dev.tidemark.benchmarks.server.MailboxFixture;
import dev.tidemark.ews.HttpEwsClient;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Measures the cost of servers that close kept connections. Delivers to a receiver that closes after 20 ms and
/// to one that does not. Then sends requests to an EWS service that closes after 150 ms. Runs in a separate
/// process.
final class ClosingRun {
    private static final Duration HOOK_IDLE = Duration.ofMillis(20);
    private static final Duration EWS_IDLE = Duration.ofMillis(150);
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final int REQUESTS = 10;

    /// Wait of the subscriber after the first failure.
    private static final Duration BACK_OFF = Duration.ofSeconds(2);

    private static final String GRANTED = """
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>\
            <m:SubscribeResponse xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages">\
            <m:ResponseMessages><m:SubscribeResponseMessage ResponseClass="Success">\
            <m:ResponseCode>NoError</m:ResponseCode><m:SubscriptionId>sub-1</m:SubscriptionId>\
            </m:SubscribeResponseMessage></m:ResponseMessages></m:SubscribeResponse></s:Body></s:Envelope>""";

    private ClosingRun() {}

    /// @param failed requests without a response, which were repeated after a back-off
    record RequestSeries(String server, int requests, int failed, double seconds) {}

    record Measurement(double perSecond, List<SinkIsolationBenchmark.Phase> phases, List<RequestSeries> asked) {
        boolean holds() {
            return phases.stream().allMatch(phase -> phase.events() == phase.arrived());
        }
    }

    /// Arguments: folder, mailboxes, folder of the stores, events per second, seconds per phase.
    public static void main(String[] arguments) throws IOException {
        var clock = Clock.systemUTC();
        var folder = Path.of(arguments[0]);
        var mailboxes = Integer.parseInt(arguments[1]);
        MailboxFixture.prepare(folder, mailboxes, Path.of(arguments[2]), clock);
        var perSecond = Double.parseDouble(arguments[3]);
        var seconds = Double.parseDouble(arguments[4]);
        var recorder = new DelayRecorder(mailboxes);
        try (var store = StoreFactory.open(JournalFixture.config(folder), clock);
                var keeping = JettyHost.start(recorder::taker, new byte[0], KEPT);
                var closing = JettyHost.start(recorder::taker, new byte[0], HOOK_IDLE)) {
            var journal = new JournalFixture(store, folder, clock);
            var hooks =
                    List.of(SinkIsolationBenchmark.hook(keeping.port()), SinkIsolationBenchmark.hook(closing.port()));
            var run = new SinkIsolationBenchmark(store, clock, journal, recorder, perSecond, hooks);
            run.phase("warm-up", 0, seconds);
            var phases = List.of(
                    run.phase("keeps connections", 0, seconds), run.phase("closes them after 20 ms", 1, seconds));
            CountingWebhookServer.printLine(new Measurement(perSecond, phases, requestedServers()));
        }
        System.exit(0);
    }

    private static List<RequestSeries> requestedServers() {
        var answer = GRANTED.getBytes(StandardCharsets.UTF_8);
        try (var keeping = JettyHost.start(ClosingRun::reader, answer, KEPT);
                var closing = JettyHost.start(ClosingRun::reader, answer, EWS_IDLE)) {
            return List.of(request("keeps connections", keeping), request("closes them after 150 ms", closing));
        }
    }

    private static RequestSeries request(String name, JettyHost server) {
        var url = URI.create("http://127.0.0.1:" + server.port() + "/EWS/Exchange.asmx");
        var config = new ConnectionConfig(
                "bench", url, "Exchange2013_SP1", new ConnectionConfig.Auth.None(), true, Duration.ofSeconds(60), 2);
        var call = new EwsCall.SubscribeStreaming(
                List.of(new FolderRef.Distinguished("inbox")), Set.of(ChangeKind.NEW_MAIL));
        var failed = 0;
        var began = System.nanoTime();
        try (var client = HttpEwsClient.connect(config, Clock.systemUTC())) {
            for (var i = 0; i < REQUESTS; i++) {
                while (!(client.send(new MailboxAddress("ada@example.com"), call) instanceof EwsResult.Success<?>)) {
                    failed++;
                    LockSupport.parkNanos(BACK_OFF.toNanos());
                }
                LockSupport.parkNanos(EVERY.toNanos());
            }
        }
        return new RequestSeries(name, REQUESTS, failed, (System.nanoTime() - began) / 1e9);
    }

    private static JettyHost.BodyReader reader() {
        return new JettyHost.BodyReader() {
            @Override
            public void read(ByteBuffer some) {
                some.position(some.limit());
            }

            @Override
            public void whole(Runnable answer) {
                answer.run();
            }
        };
    }
}
