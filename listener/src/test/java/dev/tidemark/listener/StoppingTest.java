package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StoppingTest {
    private static final String MAIL = CallbackBodies.newMail("w1", "w2", "item-1");

    @Test
    void a_listener_is_healthy_until_it_drains() {
        var draining = Duration.ofSeconds(3);
        try (var running = new RunningListener(s -> draining(s, draining))) {
            assertThat(running.get("/healthz").statusCode()).isEqualTo(200);
            var since = System.nanoTime();
            running.listener.drain();
            assertThat(running.get("/healthz").statusCode()).isEqualTo(503);
            var status = running.post(MAIL).statusCode();
            var late = System.nanoTime() - since >= draining.toNanos();
            assertThat(status).isIn(late ? List.of(200, 503) : List.of(200));
        }
    }

    @Test
    void after_the_draining_callbacks_are_refused_with_503() {
        try (var running = new RunningListener(s -> draining(s, Duration.ofMillis(1)))) {
            running.listener.drain();
            await().until(() -> running.post(MAIL).statusCode() == 503);
            assertThat(running.listener.counters().refused().get("stopping")).isPositive();
            assertThat(running.post("/elsewhere", MAIL).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void what_was_taken_is_stored_and_answered_before_the_listener_is_closed() {
        try (var running = new RunningListener()) {
            var gate = running.intake.hold();
            var taken = running.postLater(RunningListener.ATTEMPT, MAIL);
            running.intake.entered.acquireUninterruptibly();
            var port = running.listener.port();
            var closing = CompletableFuture.runAsync(running.listener::close);
            // an earlier callback would wait for the store as well
            await().until(() -> running.get("/healthz").statusCode() == 503);
            assertThat(running.post(MAIL).statusCode()).isEqualTo(503);
            assertThat(closing).isNotDone();
            gate.release(1000);
            assertThat(taken.join().statusCode()).isEqualTo(200);
            closing.join();
            assertThatThrownBy(() -> new RawClient(port)).hasRootCauseInstanceOf(ConnectException.class);
        }
    }

    @Test
    void closing_twice_is_closing_once() {
        var running = new RunningListener();
        running.close();
        running.listener.close();
        running.listener.drain();
    }

    @Test
    void a_port_that_is_taken_is_named_with_its_remedy() {
        try (var running = new RunningListener()) {
            var config = new RunningListener.Settings().onPort(running.listener.port());
            assertThatThrownBy(() -> CallbackListener.start(
                            config,
                            new IntakeOnly(running.intake),
                            RunningListener.TOKENS,
                            running.triggers::add,
                            Clock.systemUTC()))
                    .isInstanceOf(ListenerException.class)
                    .hasMessageContaining("listener.bind")
                    .hasMessageContaining("" + running.listener.port());
        }
    }

    private static RunningListener.Settings draining(RunningListener.Settings settings, Duration limit) {
        settings.drain = limit;
        return settings;
    }
}
