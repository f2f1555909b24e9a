package dev.tidemark.daemon.check;

import dev.tidemark.http.WebHost;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.ListenerCounters;
import dev.tidemark.listener.ProbeCallback;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Waits for the callbacks of subscriptions, and explains one that does not come by the requests that the listener
/// refused meanwhile. Not thread-safe; used by the thread of the check.
final class CallbackCheck {
    private static final String NOTHING_CAME =
            "no request reached the listener; usual causes are a firewall, a name that the Exchange server resolves"
                    + " differently, and a proxy that does not forward the path";

    /// Causes by the listener's reasons for a refusal, the strongest evidence first.
    private static final Map<String, String> CAUSES = Map.of(
            "tls", "the caller broke off TLS, as a server does that does not trust the certificate",
            "address", "listener.allow-from does not admit the caller's address",
            "token", "requests came for another path, as through a proxy that changes it",
            "method", "a proxy changed the method",
            "type", "a proxy changed the content type or compressed the body",
            "protocol", "the request was no valid HTTP, for example https to a port of plain http",
            "timeout", "the caller sent no complete request",
            "store", "the store accepts nothing now");

    private static final List<String> ORDER =
            List.of("tls", "address", "token", "method", "type", "protocol", "store", "timeout");

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
        var host = WebHost.textIn(each.url());
        return CheckStep.failed(
                CheckStage.CALLBACK,
                "Exchange was given " + each.url() + " and did not call it within " + wait.toSeconds() + " s: "
                        + cause() + ".",
                "On " + each.server().orElse("the Exchange server") + ", run: Invoke-WebRequest -UseBasicParsing "
                        + each.url() + " ; status 405 or 404 means that Tidemark is reached, any other error names the"
                        + " cause (" + hint(host) + ").");
    }

    private String hint(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]")
                ? "the public URL names the loopback of whatever machine calls it"
                : "name resolution, firewall, proxy, or trust in the certificate of " + host;
    }

    /// Returns the likeliest cause as a clause.
    private String cause() {
        var now = listener.counters().refused();
        var refused = ORDER.stream()
                .filter(reason -> count(now, reason) > count(before.refused(), reason))
                .map(reason -> CAUSES.get(reason) + " (" + (count(now, reason) - count(before.refused(), reason))
                        + " requests)")
                .collect(Collectors.joining("; "));
        return refused.isEmpty() ? NOTHING_CAME : "meanwhile " + refused;
    }

    private static long count(Map<String, Long> counters, String reason) {
        return counters.getOrDefault(reason, 0L);
    }

    private void add(PendingCallback each, CheckStep step) {
        steps.add(step.ofConnection(each.connection()).ofMailbox(each.mailbox().value()));
    }
}
