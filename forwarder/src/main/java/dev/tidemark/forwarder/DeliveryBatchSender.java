package dev.tidemark.forwarder;

/// Where requests leave. The answer comes back later, on the sink's own thread, to [SinkController#onResult].
interface DeliveryBatchSender {
    void send(DeliveryBatch shipment);
}
