package dev.tidemark.daemon.check;

import dev.tidemark.daemon.check.CheckStep.CheckStage;
import dev.tidemark.http.WebHost;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.CallbackProbe.ProbeCallback;
import dev.tidemark.listener.ListenerCounters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Waits for the callbacks of subscriptions, and explains one that does not come by the requests that the listener
/// refused meanwhile. Not thread-safe; used by the thread of the check.
final class CallbackCheck {
    private final CallbackListener listener;
    private final ListenerCounters before;
    private final StepCollector steps;
    private final Duration wait;
    private final Clock clock;

    CallbackCheck(CallbackListener listener, StepCollector steps, Duration wait, Clock clock) {
        this.listener = listener;
        this.before = listener.counters();
        this.steps = steps;
        this.wait = wait;
        this.clock = clock;
    }

    /// Waits for all of them together.
    void await(List<PendingCallback> pending) throws InterruptedException {
        var since = clock.instant();
        var start = System.nanoTime();
        for (var each : pending) {
            try (var probe = each.probe()) {
                var left = wait.minusNanos(System.nanoTime() - start);
                var received = probe.await(left);
                add(
                        each,
                        received.map(callback -> passed(each, callback, since)).orElseGet(() -> failed(each)));
            }
        }
    }

    private static CheckStep passed(PendingCallback each, ProbeCallback callback, Instant since) {
        var seconds = Math.max(0, Duration.between(since, callback.receivedAt()).toSeconds());
        return CheckStep.passed(
                CheckStage.CALLBACK,
                each.server().map(server -> "Server " + server).orElse("Exchange") + " called back from "
                        + callback.clientAddress() + " after " + seconds + " s; the subscription is ended.");
    }

    private CheckStep failed(PendingCallback each) {
        var obstacle = CallbackObstacle.between(before, listener.counters());
        var loopback = isLoopback(WebHost.textIn(each.url()))
                ? " The URL names the loopback of the machine that calls it."
                : "";
        return CheckStep.failed(
                CheckStage.CALLBACK,
                "Exchange was given " + each.url() + " and did not call it within " + wait.toSeconds() + " s: "
                        + obstacle.cause() + "." + loopback,
                obstacle.remedy() + " To try it on " + each.server().orElse("the Exchange server")
                        + ", run: Invoke-WebRequest -UseBasicParsing " + each.url()
                        + " ; status 405 or 404 means that Tidemark is reached, any other error names the cause.");
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private void add(PendingCallback each, CheckStep step) {
        steps.add(step.ofConnection(each.connection()).ofMailbox(each.mailbox().value()));
    }
}
