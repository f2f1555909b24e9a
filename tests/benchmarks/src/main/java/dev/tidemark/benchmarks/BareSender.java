package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkException;
import dev.tidemark.benchmarks.server.JournalFixture;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.store.embedded.StoreFactory;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/// Lower bound for posting the same bytes with HttpClient 5: one thread per connection, each in a loop. The
/// events are rendered in advance and held in memory. It does not sign, order, record or retry anything.
final class BareSender implements BenchmarkSender {
    /// As long as a webhook's signature, so that requests have the same size.
    private static final String SIGNATURE = "v1," + "A".repeat(43) + "=";

    private static final String TRACE = "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-00";

    private final URI hook;
    private final int connections;
    private final List<Request> events = new ArrayList<>();
    private final CloseableHttpClient http;

    private static final class Request {
        private final String id;
        private final byte[] body;
        private final int events;

        Request(String id, byte[] body, int events) {
            this.id = id;
            this.body = body;
            this.events = events;
        }
    }

    BareSender(Setting setting) {
        hook = setting.hook();
        connections = setting.connections();
        http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(connections)
                        .setMaxConnTotal(connections)
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .build();
        render(setting);
    }

    private void render(Setting setting) {
        try (var store = StoreFactory.open(JournalFixture.config(setting.folder()), Clock.systemUTC())) {
            var render = new CloudEventRenderer(store.instance().name());
            var from = store.deliveries().open(JournalFixture.SINK).upTo();
            for (var some = store.journal().read(from, 1_000);
                    !some.isEmpty();
                    some = store.journal().read(from, 1_000)) {
                some.forEach(event -> events.add(new Request(event.id().value(), render.render(event), 1)));
                from = some.getLast().position();
            }
        }
    }

    @Override
    public Done run(Round round) {
        var requests = round.batch() == 1 ? events : batches(round.batch());
        var next = new AtomicInteger();
        var posted = new LongAdder();
        var began = System.nanoTime();
        var end = began + round.millis() * 1_000_000;
        var threads = new ArrayList<Thread>();
        for (var i = 0; i < connections; i++) {
            threads.add(Thread.ofPlatform().start(() -> loop(requests, next, posted, end)));
        }
        threads.forEach(BareSender::join);
        return new Done(posted.sum(), (System.nanoTime() - began) / 1e9, posted.sum(), posted.sum());
    }

    private void loop(List<Request> requests, AtomicInteger next, LongAdder posted, long end) {
        for (var at = next.getAndIncrement();
                at < requests.size() && System.nanoTime() < end;
                at = next.getAndIncrement()) {
            post(requests.get(at));
            posted.add(requests.get(at).events);
        }
    }

    private void post(Request request) {
        var post = new HttpPost(hook);
        post.setHeader("Content-Type", CloudEventRenderer.CONTENT_TYPE);
        post.setHeader("webhook-id", request.id);
        post.setHeader("webhook-timestamp", "1793524502");
        post.setHeader("webhook-signature", SIGNATURE);
        post.setHeader("tidemark-attempt", "1");
        post.setHeader("traceparent", TRACE);
        post.setEntity(new ByteArrayEntity(request.body, null));
        try {
            var code = http.execute(post, response -> {
                EntityUtils.consume(response.getEntity());
                return response.getCode();
            });
            if (code != 200) {
                throw new BenchmarkException("The receiver responded with status " + code);
            }
        } catch (IOException e) {
            throw new BenchmarkException("The bare loop failed to post: " + e.getMessage(), e);
        }
    }

    /// Returns batches of this size, in the batch format.
    private List<Request> batches(int size) {
        var batches = new ArrayList<Request>();
        for (var from = 0; from < events.size(); from += size) {
            var some = events.subList(from, Math.min(events.size(), from + size));
            var body = new byte
                    [1 + some.stream().mapToInt(each -> each.body.length + 1).sum()];
            var at = 0;
            for (var each : some) {
                body[at++] = (byte) (at == 1 ? '[' : ',');
                System.arraycopy(each.body, 0, body, at, each.body.length);
                at += each.body.length;
            }
            body[at] = ']';
            batches.add(new Request("bat_" + some.getFirst().id.substring(4), body, some.size()));
        }
        return batches;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("Interrupted while the bare loop was posting.", e);
        }
    }

    @Override
    public void close() {
        http.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
    }
}
