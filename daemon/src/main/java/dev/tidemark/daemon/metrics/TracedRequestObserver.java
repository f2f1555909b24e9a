package dev.tidemark.daemon.metrics;

import dev.tidemark.ews.EwsRequestObserver;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.tracing.EventTracer;
import java.util.Optional;

/// Meters the requests of one connection and records them as spans. Thread-safe.
record TracedRequestObserver(String connection, EwsRequestMeter meter, EventTracer tracer)
        implements EwsRequestObserver {
    @Override
    public void onCompleted(EwsOperation operation, Optional<EwsError> error, long nanos) {
        meter.onCompleted(operation, error, nanos);
        tracer.exchangeRequest(connection, operation.requestName(), EwsRequestMeter.outcome(error), nanos);
    }
}
