package dev.tidemark.tracing;

import java.util.List;
import java.util.Optional;

/// Records the path of each event as spans: callback, commit, deliveries, and requests to Exchange. The trace of an
/// event follows from its id, so nothing is stored for it. Never blocks and never throws. Thread-safe.
public interface EventTracer extends AutoCloseable {
    /// Records nothing and allocates nothing.
    EventTracer OFF = new NoEventTracer();

    /// Returns false if nothing is recorded. Callers then prepare no arguments.
    boolean isOn();

    /// Starts to observe a callback.
    ///
    /// @param mailbox id of the mailbox
    /// @param events number of events in the callback
    /// @param startedNanos time of the head of the request, by [System#nanoTime]
    CallbackTrace callback(String mailbox, int events, long startedNanos);

    /// Starts to observe a delivery attempt.
    DeliveryTrace delivery(DeliveryAttempt attempt);

    /// Records a completed request to Exchange.
    ///
    /// @param outcome `success` or a kind of failure
    void exchangeRequest(String connection, String operation, String outcome, long nanos);

    /// Returns the number of spans since the start.
    SpanCounts counts();

    /// Exports the remaining spans within a short time.
    @Override
    void close();

    /// Observed callback. Passed from thread to thread; not thread-safe.
    interface CallbackTrace {
        /// Records nothing and allocates nothing.
        CallbackTrace OFF = new NoCallbackTrace();

        /// Returns false if nothing is recorded.
        boolean isOn();

        /// Marks the begin of the commit; the last mark counts.
        void commitStarted();

        /// Marks the end of the commit.
        void commitEnded();

        /// Adds a new event. A repetition changes nothing.
        void addEvent(String eventId);

        /// Ends the callback after its response was sent.
        void end(String result, boolean isRefused);
    }

    /// Observed delivery attempt. Not thread-safe; used by the thread of the request.
    interface DeliveryTrace {
        /// Records nothing and allocates nothing.
        DeliveryTrace OFF = new NoDeliveryTrace();

        /// Returns false if nothing is recorded.
        boolean isOn();

        /// Returns the value of the header `traceparent`; empty if the attempt is not recorded.
        Optional<String> traceParent();

        /// Ends the attempt.
        void end(String result, boolean isDelivered);
    }

    /// Attempt to deliver one or more events in a request.
    record DeliveryAttempt(String sink, int attempt, List<TracedEvent> events) {
        public DeliveryAttempt {
            events = List.copyOf(events);
        }
    }

    /// Event of an attempt.
    ///
    /// @param mailbox id of the mailbox; empty for an event of the instance
    /// @param isPushed true if a callback brought the event
    record TracedEvent(String id, Optional<String> mailbox, boolean isPushed) {}

    /// Number of spans since the start.
    ///
    /// @param exported spans that the collector accepted
    /// @param lost spans that the collector did not accept, or that exceeded the limit of waiting spans
    record SpanCounts(long exported, long lost) {
        static final SpanCounts NONE = new SpanCounts(0, 0);
    }
}
