package dev.tidemark.simulator.fault;

import java.util.LinkedHashMap;
import java.util.Map;

/// Names of the faults on control paths, with one line each.
public final class FaultCatalog {
    private FaultCatalog() {}

    /// Returns the names and their descriptions in the order of the documentation.
    public static Map<String, String> lines() {
        var lines = new LinkedHashMap<String, String>();
        callbacks(lines);
        subscriptions(lines);
        requests(lines);
        transport(lines);
        return lines;
    }

    private static void callbacks(Map<String, String> lines) {
        lines.put("lose-callback", "A notification is never sent but counts as sent.");
        lines.put("lose-reply", "The response to a callback is discarded, so the same notification comes again.");
        lines.put("delay-callback", "A notification is sent late by delay=, 30 s by default.");
        lines.put("duplicate-callback", "A notification is sent twice in a row.");
        lines.put("truncate-callback", "Only the first half of a callback arrives.");
        lines.put("reorder-callback", "A notification is sent after the next one.");
        lines.put("unreachable", "A callback does not reach its listener.");
        lines.put("early-notification", "The first notification comes before the Subscribe response.");
        lines.put("error-callback", "An error callback ends the subscription.");
    }

    private static void subscriptions(Map<String, String> lines) {
        lines.put("forget-subscription", "A subscription ends without notice.");
        lines.put("refuse-watermark", "Subscribe with a watermark gets ErrorInvalidWatermark.");
        lines.put("expire-watermark", "The history behind a watermark is forgotten, as after 30 days.");
        lines.put("refuse-sync-state", "Synchronization with a state gets ErrorInvalidSyncStateData.");
        lines.put("lose-subscribe-response", "A subscription is granted, but its response is cut off.");
        lines.put("move-mailbox", "mailbox= moves to another database now.");
        lines.put("dead-stream", "A stream answers OK, but no event comes.");
        lines.put(
                "database-rolled-back",
                "The database of mailbox= is restored to its state at to=; value=refuse, silent or renumber.");
    }

    private static void requests(Map<String, String> lines) {
        lines.put("busy", "ErrorServerBusy; value=fault, message or inner; delay= is its back-off.");
        lines.put("deny-impersonation", "ErrorImpersonateUserDenied.");
        lines.put("status-401", "HTTP 401 for any login.");
        lines.put("status-403", "HTTP 403 with an empty body.");
        lines.put("status-503", "HTTP 503; value= is its Retry-After.");
        lines.put("html-error", "A proxy's HTML page; value= is its HTTP status, 200 by default.");
        lines.put("clock-offset", "Exchange's clock differs by value=, such as -3h.");
        lines.put("control-characters", "Characters that XML forbids stand in a text; value= is inserted.");
        lines.put("corrupt-item", "An entry that cannot be read; value=no-id, empty-id, empty or unknown-kind.");
        lines.put("repeat-page", "A page reports more but points back to its start; value=circle alternates.");
    }

    private static void transport(Map<String, String> lines) {
        lines.put("slow-response", "A response comes after delay=, 2 s by default.");
        lines.put("half-response", "Half of a response comes, then the connection is closed.");
        lines.put("compress-response", "A response is compressed without having been asked for.");
        lines.put("close-idle", "A connection is closed after delay= without a request, 150 ms by default.");
        lines.put("close-on-use", "A kept connection is closed under its next request.");
    }
}
