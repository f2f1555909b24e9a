package dev.tidemark.daemon.check;

import dev.tidemark.listener.ListenerCounters;
import java.util.Arrays;
import java.util.Locale;

/// Likely causes of a missing callback, by the requests that the listener refused meanwhile; the strongest evidence
/// first.
enum CallbackObstacle {
    TLS(
            "the caller broke off TLS, as a server does that does not trust the certificate",
            "Let the Exchange servers trust the authority of the certificate, or use a certificate of one that they trust."),
    ADDRESS(
            "listener.allow-from does not admit the caller's address",
            "Add the addresses of the Exchange servers to listener.allow-from; behind a proxy, add the proxy to"
                    + " listener.trusted-proxies."),
    TOKEN(
            "requests came for another path, as through a proxy that changes it",
            "Let the proxy pass the path on unchanged, or write its path in listener.public-url."),
    METHOD("a proxy changed the method", "Let the proxy pass POST requests on unchanged."),
    TYPE("a proxy changed the content type or compressed the body", "Let the proxy pass requests on unchanged."),
    PROTOCOL(
            "the request was no valid HTTP, as with https to a port of plain http",
            "Set listener.tls, or write http:// in listener.public-url."),
    TIMEOUT("the caller sent no complete request", "Check the proxy between Exchange and the listener."),
    STORE("the store accepts nothing now", "Repair what the log and /health/ready name."),
    NOTHING(
            "no request reached the listener",
            "Correct listener.public-url if it is not the address of this listener as Exchange sees it, else look for a"
                    + " firewall, for a name that the Exchange server resolves differently, and for a proxy that does not"
                    + " forward the path.");

    private final String cause;
    private final String remedy;

    CallbackObstacle(String cause, String remedy) {
        this.cause = cause;
        this.remedy = remedy;
    }

    /// Returns the likeliest cause between two readings of the listener's counters.
    static CallbackObstacle between(ListenerCounters before, ListenerCounters after) {
        return Arrays.stream(values())
                .filter(each -> each.count(after) > each.count(before))
                .findFirst()
                .orElse(NOTHING);
    }

    private long count(ListenerCounters counters) {
        return counters.refused().getOrDefault(label(), 0L);
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Returns the cause as a clause.
    String cause() {
        return cause;
    }

    String remedy() {
        return remedy;
    }
}
