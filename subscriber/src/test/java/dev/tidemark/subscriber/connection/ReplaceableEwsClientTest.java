package dev.tidemark.subscriber.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ReplaceableEwsClientTest {
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");

    private final RecordingClient before = new RecordingClient();
    private final RecordingClient after = new RecordingClient();
    private final ReplaceableEwsClient client = new ReplaceableEwsClient(before);

    @Test
    void an_idle_client_is_closed_at_once() {
        client.replace(after);
        assertThat(before.closed).isTrue();
        assertThat(after.closed).isFalse();
    }

    @Test
    void a_request_in_flight_ends_before_its_client_is_closed() throws InterruptedException {
        var started = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var request = Thread.ofVirtual()
                .start(() -> client.use(used -> {
                    started.countDown();
                    return awaitQuietly(release);
                }));
        started.await();
        client.replace(after);
        assertThat(before.closed).isFalse();
        assertThat(client.<EwsClient>use(used -> used)).isSameAs(after);
        release.countDown();
        request.join();
        await().until(() -> before.closed);
        assertThat(after.closed).isFalse();
    }

    @Test
    void a_stream_keeps_its_client_until_it_is_closed() {
        var opened = (EwsResult.Success<EventStream>) client.stream(ADA, request());
        client.replace(after);
        assertThat(before.closed).isFalse();
        opened.value().close();
        opened.value().close();
        assertThat(before.closed).isTrue();
        assertThat(after.closed).isFalse();
    }

    @Test
    void closing_closes_the_current_client() {
        client.replace(after);
        client.close();
        assertThat(after.closed).isTrue();
    }

    private static GetStreamingEvents request() {
        return new GetStreamingEvents(List.of(new SubscriptionId("s1")), Duration.ofMinutes(1));
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Client that opens empty streams and records its close.
    private static final class RecordingClient implements EwsClient {
        private volatile boolean closed;

        @Override
        public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call) {
            throw new UnsupportedOperationException();
        }

        @Override
        public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
            return new EwsResult.Success<>(new EventStream() {
                @Override
                public StreamStep next() {
                    return new StreamStep.Ended(Optional.empty());
                }

                @Override
                public void close() {}
            });
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
