package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.stream.JournalEventStream;
import dev.tidemark.daemon.admin.stream.StreamLimiter;
import dev.tidemark.daemon.config.BadValueException;
import java.util.Map;

/// Serves `GET /api/v1/events/stream`: the journal as server-sent events.
record EventStreamRoute(JournalEventStream.Sources sources, EventQueryParser queries, StreamLimiter limiter)
        implements AdminRoute {
    /// Limit of streams that are open at the same time.
    static final int MAX_STREAMS = 100;

    void addTo(AdminRouter router) {
        var contract = RouteContract.read("after", "mailbox", "type", "folder", "added");
        router.get("/api/v1/events/stream", contract.limitable(), this);
    }

    @Override
    public AdminReply handle(AdminRequest request) {
        try {
            var oldest = sources.journal().oldest();
            var resumed = queries.lastEventId(request);
            var after = resumed.isPresent() ? resumed.get() : queries.after(request, oldest);
            if (resumed.isEmpty() && after.compareTo(oldest) < 0) {
                return EventRoutes.expired(oldest);
            }
            return limiter.admit(
                            new JournalEventStream(sources.during(request.admission()), queries.filter(request), after))
                    .map(AdminReply::stream)
                    .orElseGet(EventStreamRoute::tooMany);
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        }
    }

    private static AdminReply tooMany() {
        return AdminReply.problem(
                        503,
                        "too-many-streams",
                        MAX_STREAMS + " streams are open; close one, or read GET /api/v1/events with wait",
                        Map.of("limit", MAX_STREAMS))
                .with("Retry-After", "10");
    }
}
