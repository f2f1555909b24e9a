package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.NotificationMessage;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Tests the promise of an acknowledgement, while a callback is between its arrival and its response.
class AcknowledgementTest {
    private static final String MAIL = CallbackBodies.newMail("w1", "w2", "item-1");

    @Test
    void nothing_is_acknowledged_before_the_store_has_returned() {
        try (var running = new RunningListener()) {
            var gate = running.intake.hold();
            var response = running.postLater(RunningListener.ATTEMPT, MAIL);
            running.intake.entered.acquireUninterruptibly();
            assertThat(response).isNotDone();
            assertThat(running.listener.counters().acknowledged()).isZero();
            gate.release(1000);
            assertThat(response.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_store_that_fails_has_the_whole_batch_refused_with_503() {
        try (var running = new RunningListener()) {
            var gate = running.intake.hold();
            var first = running.postLater(RunningListener.ATTEMPT, MAIL);
            running.intake.entered.acquireUninterruptibly();
            var batch = IntStream.range(0, 3)
                    .mapToObj(i -> running.postLater(attempt(i), MAIL))
                    .toList();
            await().until(() -> running.listener.counters().received() == 4);
            running.intake.outcomeOf = ignored -> {
                throw new StoreException("The disk is full.");
            };
            gate.release(1000);
            assertThat(first.join().statusCode()).isEqualTo(503);
            assertThat(batch).map(CompletableFuture::join).allSatisfy(response -> {
                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(response.headers().firstValue("Retry-After")).isPresent();
            });
            assertThat(running.listener.counters().refused()).containsEntry("store", 4L);
        }
    }

    @Test
    void a_store_that_recovers_is_used_again() {
        try (var running = new RunningListener()) {
            running.intake.outcomeOf = ignored -> {
                throw new StoreException("The disk is full.");
            };
            assertThat(running.post(MAIL).statusCode()).isEqualTo(503);
            running.intake.outcomeOf = ignored -> new IntakeOutcome.Stored(1, 0);
            assertThat(running.post(MAIL).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_callback_that_breaks_the_store_does_not_take_the_others_with_it() {
        try (var running = new RunningListener()) {
            var gate = running.intake.hold();
            var first = running.postLater(attempt(0), MAIL);
            running.intake.entered.acquireUninterruptibly();
            var poison = running.postLater(attempt(1), MAIL);
            var other = running.postLater(attempt(2), MAIL);
            await().until(() -> running.listener.counters().received() == 3);
            running.intake.outcomeOf = callback -> {
                if (callback.attempt().equals(attempt(1))) {
                    throw new IllegalStateException("a fault of ours");
                }
                return new IntakeOutcome.Stored(1, 0);
            };
            gate.release(1000);
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(poison.join().statusCode()).isEqualTo(503);
            assertThat(other.join().statusCode()).isEqualTo(200);
            assertThat(running.listener.counters().faults()).isPositive();
        }
    }

    @Test
    void an_error_in_the_store_leaves_no_callback_without_a_response() {
        try (var running = new RunningListener()) {
            running.intake.outcomeOf = ignored -> {
                throw new StackOverflowError();
            };
            assertThat(running.post(MAIL).statusCode()).isEqualTo(503);
            await().until(() -> running.listener.counters().inFlight() == 0);
            running.intake.outcomeOf = ignored -> new IntakeOutcome.Stored(1, 0);
            assertThat(running.post(MAIL).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void everything_that_arrives_during_one_write_goes_into_the_next() {
        try (var running = new RunningListener(s -> {
            s.workers = 1;
            return s;
        })) {
            var gate = running.intake.hold();
            var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            answers.add(running.postLater(attempt(0), MAIL));
            running.intake.entered.acquireUninterruptibly();
            IntStream.range(1, 100).forEach(i -> answers.add(running.postLater(attempt(i % 20), MAIL)));
            await().until(() -> running.listener.counters().received() == 100);
            gate.release(1000);
            assertThat(answers)
                    .map(CompletableFuture::join)
                    .map(HttpResponse::statusCode)
                    .containsOnly(200);
            // a server thread may count a callback and hand it on too late for this batch
            assertThat(running.intake.batches.size()).isBetween(2, 20);
        }
    }

    @Test
    void beyond_the_queue_callbacks_are_refused_at_once_and_later_taken_again() {
        try (var running = new RunningListener(s -> {
            s.queue = 3;
            return s;
        })) {
            var gate = running.intake.hold();
            var waiting = IntStream.range(0, 3)
                    .mapToObj(i -> running.postLater(attempt(i), MAIL))
                    .toList();
            await().until(() -> running.listener.counters().inFlight() == 3);
            var refused = running.post(MAIL);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(running.listener.counters().refused()).containsEntry("queue", 1L);
            gate.release(1000);
            assertThat(waiting)
                    .map(CompletableFuture::join)
                    .map(HttpResponse::statusCode)
                    .containsOnly(200);
            await().until(() -> running.listener.counters().inFlight() == 0);
            assertThat(running.post(MAIL).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_full_queue_is_said_before_the_body_is_read() {
        try (var running = new RunningListener(s -> {
                    s.queue = 1;
                    return s;
                });
                var raw = running.raw()) {
            var gate = running.intake.hold();
            var waiting = running.postLater(RunningListener.ATTEMPT, MAIL);
            running.intake.entered.acquireUninterruptibly();
            raw.send("POST " + RunningListener.path()
                    + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 9999\r\n\r\n");
            assertThat(raw.response()).startsWith("HTTP/1.1 503 ");
            gate.release(1000);
            assertThat(waiting.join().statusCode()).isEqualTo(200);
        }
    }

    /// Uses ten mailboxes at once. Each sends the next callback only after the response to the previous one, as
    /// Exchange does.
    @Test
    void callbacks_of_a_mailbox_reach_the_store_in_the_order_in_which_they_arrived() {
        try (var running = new RunningListener(s -> {
            s.workers = 4;
            return s;
        })) {
            var chains = IntStream.range(0, 10)
                    .mapToObj(i -> chain(running, attempt(i), 30))
                    .toList();
            chains.forEach(CompletableFuture::join);
            IntStream.range(0, 10)
                    .forEach(i -> assertThat(itemsOf(running, attempt(i)))
                            .containsExactlyElementsOf(IntStream.range(0, 30)
                                    .mapToObj(n -> "w" + n)
                                    .toList()));
        }
    }

    /// Sends everything on one connection without waiting for responses, so only the arrival defines the order.
    @Test
    void order_does_not_depend_on_who_waits_for_an_answer() {
        try (var running = new RunningListener(s -> {
                    s.workers = 4;
                    return s;
                });
                var raw = running.raw()) {
            for (int i = 0; i < 50; i++) {
                raw.send(pipelined(CallbackBodies.newMail("w" + i, "w" + (i + 1), "item-" + i)));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(raw.response()).startsWith("HTTP/1.1 200 ");
            }
            assertThat(itemsOf(running, RunningListener.ATTEMPT))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 50).mapToObj(n -> "w" + n).toList());
        }
    }

    private static CompletableFuture<?> chain(RunningListener running, AttemptId attempt, int length) {
        CompletableFuture<?> last = CompletableFuture.completedFuture("");
        for (int i = 0; i < length; i++) {
            var body = CallbackBodies.newMail("w" + i, "w" + (i + 1), "item-" + i);
            last = last.thenCompose(ignored -> running.postLater(attempt, body));
        }
        return last;
    }

    private static String pipelined(String body) {
        return "POST " + RunningListener.path() + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static List<String> itemsOf(RunningListener running, AttemptId attempt) {
        return running.intake.callbacks().stream()
                .filter(callback -> callback.attempt().equals(attempt))
                .map(AcknowledgementTest::previous)
                .toList();
    }

    private static String previous(VerifiedCallback callback) {
        var message =
                (NotificationMessage.Notification) callback.body().messages().getFirst();
        return message.previousWatermark().orElseThrow().value();
    }

    private static AttemptId attempt(int i) {
        var digits = "abcdefghijklmnopqrstuvwxyz234567";
        return new AttemptId(
                new MailboxId("mbx_" + String.valueOf(digits.charAt(i)).repeat(16)), 1);
    }
}
