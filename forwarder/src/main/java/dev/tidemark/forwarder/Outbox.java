package dev.tidemark.forwarder;

/// Where requests leave. The answer comes back later, on the sink's own thread, to [SinkDesk#completed].
interface Outbox {
    void send(Shipment shipment);
}
