package dev.tidemark.simulator;

import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Keeps the newest requests. Thread-safe.
final class RequestLog {
    private static final int LIMIT = 10_000;

    private final Deque<LoggedRequest> newest = new ArrayDeque<>();
    private final Clock clock;

    RequestLog(Clock clock) {
        this.clock = clock;
    }

    synchronized void add(Element body, Optional<MailboxAddress> mailbox, String version, AffinityRoute route) {
        if (newest.size() == LIMIT) {
            newest.removeFirst();
        }
        var from = Stream.of("Watermark", "SyncState")
                .flatMap(name -> texts(body, name))
                .findFirst();
        newest.add(
                new LoggedRequest(clock.instant(), String.valueOf(body.getLocalName()), mailbox, version, from, route));
    }

    synchronized List<LoggedRequest> newest() {
        return List.copyOf(newest);
    }

    private static Stream<String> texts(Element body, String name) {
        var nodes = body.getElementsByTagNameNS("*", name);
        return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item).map(Node::getTextContent);
    }
}
