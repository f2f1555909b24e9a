package dev.tidemark.forwarder;

import dev.tidemark.forwarder.backlog.PendingDelivery;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.event.RandomIdGenerator;
import dev.tidemark.forwarder.target.DeliveryResult;
import dev.tidemark.forwarder.target.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.target.DeliveryResult.NotSent;
import dev.tidemark.forwarder.target.MessageBatch;
import dev.tidemark.forwarder.target.OutboundMessage;
import dev.tidemark.forwarder.target.SinkTarget;
import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Renders events and has the target send them. Safe for use by many threads.
final class EventSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);

    private final SinkName sink;
    private final CloudEventRenderer events;
    private final ItemDetailStore details;
    private final SinkTarget target;
    private final Clock clock;

    EventSender(SinkName sink, CloudEventRenderer events, ItemDetailStore details, SinkTarget target, Clock clock) {
        this.sink = sink;
        this.events = events;
        this.details = details;
        this.target = target;
        this.clock = clock;
    }

    /// Blocks until there is an answer; never throws.
    DeliveryResult deliver(DeliveryBatch shipment) {
        return deliver(shipment, false);
    }

    /// Does the same for the attempt that follows [DeliveryResult.Stale].
    DeliveryResult deliverOnNewConnection(DeliveryBatch shipment) {
        return deliver(shipment, true);
    }

    private DeliveryResult deliver(DeliveryBatch shipment, boolean onNewConnection) {
        var id = shipment.first().event().id().value();
        try {
            var messages = new ArrayList<OutboundMessage>(shipment.size());
            shipment.deliveries().forEach(delivery -> messages.add(message(delivery)));
            var answer =
                    target.send(new MessageBatch(messages, shipment.attempt(), shipment.isReplay(), onNewConnection));
            if (LOG.isDebugEnabled()) {
                LOG.debug(
                        "Event {} and {} more to sink {}, attempt {}: {}",
                        id,
                        shipment.size() - 1,
                        sink,
                        shipment.attempt(),
                        answer.text());
            }
            return answer;
        } catch (RuntimeException | Error e) {
            LOG.warn("Event {} could not be sent to sink {}; it is tried again", id, sink, e);
            return notSent(e);
        }
    }

    /// Treats a library that does not load as the sink's failure, because it would stop every event.
    private static DeliveryResult notSent(Throwable failure) {
        var why = "not sent: " + failure;
        return failure instanceof LinkageError ? new NoAnswer(why) : new NotSent(why);
    }

    private OutboundMessage message(PendingDelivery delivery) {
        var event = delivery.event();
        return new OutboundMessage(
                event.id().value(), events.partitionKeyOf(event.source()), body(event), delivery.overtaken());
    }

    /// Nothing leaves that could be told otherwise at the next attempt.
    private byte[] body(JournalEvent event) {
        return details.wanted(event)
                ? events.render(event, details.at(event.position()).orElseThrow())
                : events.render(event);
    }

    /// Sends a trial event; blocks until there is an answer, and never throws.
    DeliveryResult ping() {
        var id = RandomIdGenerator.next("evt_");
        var body = events.ping(id, sink.value(), clock.instant());
        try {
            var parcel =
                    new MessageBatch(List.of(new OutboundMessage(id, events.instanceKey(), body, false)), 1, false);
            var answer = target.send(parcel);
            return answer instanceof DeliveryResult.Stale ? target.send(parcel.nextAttempt()) : answer;
        } catch (RuntimeException | Error e) {
            LOG.warn("The trial event could not be sent to sink {}", sink, e);
            return notSent(e);
        }
    }

    @Override
    public void close() {
        target.close();
    }
}
