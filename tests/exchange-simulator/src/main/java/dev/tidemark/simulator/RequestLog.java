package dev.tidemark.simulator;

import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Keeps the newest requests. Thread-safe.
final class RequestLog {
    private static final int LIMIT = 10_000;

    private final Deque<LoggedRequest> newest = new ArrayDeque<>();
    private long count;
    private final Clock clock;

    private final Consumer<LoggedRequest> listener;

    RequestLog(Clock clock) {
        this(clock, request -> {});
    }

    RequestLog(Clock clock, Consumer<LoggedRequest> listener) {
        this.clock = clock;
        this.listener = listener;
    }

    void add(Element body, Optional<MailboxAddress> mailbox, String version, AffinityRoute route) {
        var from = Stream.of("Watermark", "SyncState")
                .flatMap(name -> texts(body, name))
                .findFirst();
        var request =
                new LoggedRequest(clock.instant(), String.valueOf(body.getLocalName()), mailbox, version, from, route);
        keep(request);
        listener.accept(request);
    }

    private synchronized void keep(LoggedRequest request) {
        if (newest.size() == LIMIT) {
            newest.removeFirst();
        }
        newest.add(request);
        count++;
    }

    /// Returns the number of requests so far.
    synchronized long count() {
        return count;
    }

    synchronized void clear() {
        newest.clear();
    }

    synchronized List<LoggedRequest> newest() {
        return List.copyOf(newest);
    }

    private static Stream<String> texts(Element body, String name) {
        var nodes = body.getElementsByTagNameNS("*", name);
        return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item).map(Node::getTextContent);
    }
}
