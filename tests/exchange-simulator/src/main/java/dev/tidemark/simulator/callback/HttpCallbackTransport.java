package dev.tidemark.simulator.callback;

import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapReader;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.SAXException;

/// Posts callbacks over HTTP, each on a new connection unless the configuration allows several on one. Thread-safe.
public final class HttpCallbackTransport implements CallbackTransport {
    private static final Logger log = LoggerFactory.getLogger(HttpCallbackTransport.class);
    /// Unquoted, as captured from Exchange Online.
    private static final String ACTION = XmlDocumentBuilder.MESSAGES + "/SendNotification";

    /// Number of different replies to remember.
    private static final int ANSWERS = 64;

    private final Duration timeout;
    private final int perConnection;
    private final Map<String, Optional<CallbackTransport.CallbackAnswer>> answers = new ConcurrentHashMap<>();
    private final Map<Route, Deque<CallbackConnection>> kept = new ConcurrentHashMap<>();
    private final AtomicLong repeated = new AtomicLong();

    private record Route(String scheme, String authority, Optional<InetAddress> from) {}

    /// @param timeout limit for connecting and for each read
    /// @param perConnection callbacks until a connection is closed
    public HttpCallbackTransport(Duration timeout, int perConnection) {
        this.timeout = timeout;
        this.perConnection = perConnection;
    }

    /// Returns the number of callbacks that failed on a kept connection and were sent again on a new one.
    public long repeated() {
        return repeated.get();
    }

    @Override
    public Optional<CallbackTransport.CallbackAnswer> post(URI url, String body) {
        return post(url, body, Optional.empty()).status();
    }

    @Override
    public CallbackOutcome post(MailboxServer from, URI url, String body) {
        return post(url, body, from.address());
    }

    @Override
    public CallbackOutcome postHalf(MailboxServer from, URI url, String body) {
        try (var connection = open(url, from.address())) {
            connection.postHalf(url, ACTION, body);
        } catch (IOException e) {
            log.debug("Half a callback to {} did not arrive", url, e);
        }
        return CallbackOutcome.NONE;
    }

    private CallbackOutcome post(URI url, String body, Optional<InetAddress> from) {
        var idle = idle(new Route(url.getScheme(), url.getRawAuthority(), from));
        var used = Optional.ofNullable(idle.poll());
        try {
            return used.isPresent() ? reuse(used.get(), url, body, from, idle) : send(open(url, from), url, body, idle);
        } catch (IOException e) {
            log.debug("Callback to {} got no response", url, e);
            return CallbackOutcome.ofNone("no response (" + e + ")");
        }
    }

    /// Sends on a kept connection. The listener may have closed it meanwhile, which a new one repairs. A listener that
    /// does not respond in time gets no repetition.
    private CallbackOutcome reuse(
            CallbackConnection used, URI url, String body, Optional<InetAddress> from, Deque<CallbackConnection> idle)
            throws IOException {
        try {
            return send(used, url, body, idle);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            repeated.incrementAndGet();
            log.debug("A kept connection to {} failed; using a new one", url, e);
            return send(open(url, from), url, body, idle);
        }
    }

    private CallbackConnection open(URI url, Optional<InetAddress> from) throws IOException {
        return CallbackConnection.open(url, from, timeout);
    }

    private CallbackOutcome send(CallbackConnection connection, URI url, String body, Deque<CallbackConnection> idle)
            throws IOException {
        var keep = false;
        try {
            var reply = connection.post(url, ACTION, body);
            keep = reply.keep() && connection.posts() < perConnection;
            var status = status(reply);
            return new CallbackOutcome(status, reply.status(), reply.body(), status.isPresent() ? "" : problem(reply));
        } finally {
            if (keep) {
                idle.push(connection);
            } else {
                connection.close();
            }
        }
    }

    private Deque<CallbackConnection> idle(Route route) {
        return kept.computeIfAbsent(route, ignored -> new ConcurrentLinkedDeque<>());
    }

    @Override
    public void close() {
        kept.values().forEach(connections -> {
            for (var next = connections.poll(); next != null; next = connections.poll()) {
                close(next);
            }
        });
    }

    private static void close(CallbackConnection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            log.debug("A callback connection did not close cleanly", e);
        }
    }

    /// Returns the status in a reply that Exchange understands: HTTP 200 and `text/xml`.
    private Optional<CallbackTransport.CallbackAnswer> status(CallbackConnection.CallbackReply reply) {
        if (reply.status() != 200 || !isXml(reply)) {
            log.debug("Callback got status {} with content type '{}'", reply.status(), reply.contentType());
            return Optional.empty();
        }
        return understood(reply.body());
    }

    private static boolean isXml(CallbackConnection.CallbackReply reply) {
        return reply.contentType().toLowerCase(Locale.ROOT).startsWith("text/xml");
    }

    private static String problem(CallbackConnection.CallbackReply reply) {
        if (reply.status() != 200) {
            return "status " + reply.status() + " instead of 200";
        }
        if (!isXml(reply)) {
            return "status 200 with content type '" + reply.contentType() + "' instead of text/xml";
        }
        return reply.body().isBlank()
                ? "status 200 with an empty body"
                : "status 200 with a body that is not a SOAP envelope with a SendNotificationResult in the messages"
                        + " namespace and a SubscriptionStatus of OK or Unsubscribe";
    }

    /// Reads a reply once; a listener writes the same one again and again.
    private Optional<CallbackTransport.CallbackAnswer> understood(String body) {
        return answers.size() < ANSWERS
                ? answers.computeIfAbsent(body, HttpCallbackTransport::read)
                : Optional.ofNullable(answers.get(body)).orElseGet(() -> read(body));
    }

    /// Reads a reply. It must be a Result element in the messages namespace; callers treat any other reply as a
    /// failed callback.
    static Optional<CallbackTransport.CallbackAnswer> read(String body) {
        try {
            var result = SoapReader.read(body).body();
            if (!ChildElementReader.is(result, XmlDocumentBuilder.MESSAGES, "SendNotificationResult")) {
                return Optional.empty();
            }
            return new ChildElementReader(result)
                    .optional(XmlDocumentBuilder.MESSAGES, "SubscriptionStatus")
                    .map(ChildElementReader::text)
                    .flatMap(word -> Arrays.stream(CallbackTransport.CallbackAnswer.values())
                            .filter(status -> status.wireName().equals(word))
                            .findFirst());
        } catch (SAXException e) {
            log.debug("The response to a callback is not an envelope", e);
            return Optional.empty();
        }
    }
}
