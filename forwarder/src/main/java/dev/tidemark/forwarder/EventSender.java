package dev.tidemark.forwarder;

import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.event.RandomIdGenerator;
import dev.tidemark.forwarder.heartbeat.HeartbeatQueue.Heartbeat;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.targets.DeliveryResult.NotSent;
import dev.tidemark.forwarder.targets.MessageBatch;
import dev.tidemark.forwarder.targets.MessageBatch.OutboundMessage;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.tracing.EventTracer;
import dev.tidemark.tracing.EventTracer.DeliveryAttempt;
import dev.tidemark.tracing.EventTracer.DeliveryTrace;
import dev.tidemark.tracing.EventTracer.TracedEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Renders events and sends them through the target. The request threads of a sink call it. Thread-safe.
final class EventSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);

    private static final String EVENT = "event";

    private final SinkName sink;
    private final CloudEventRenderer events;
    private final ItemDetailStore details;
    private final SinkTarget target;
    private final Clock clock;
    private final EventTracer tracer;

    EventSender(SinkName sink, CloudEventRenderer events, ItemDetailStore details, SinkTarget target, Clock clock) {
        this(sink, events, details, target, clock, EventTracer.OFF);
    }

    EventSender(
            SinkName sink,
            CloudEventRenderer events,
            ItemDetailStore details,
            SinkTarget target,
            Clock clock,
            EventTracer tracer) {
        this.tracer = tracer;
        this.sink = sink;
        this.events = events;
        this.details = details;
        this.target = target;
        this.clock = clock;
    }

    /// Blocks until a result is known; never throws.
    DeliveryResult deliver(DeliveryBatch batch) {
        return deliver(batch, false);
    }

    /// Does the same for the attempt that follows [DeliveryResult.Stale].
    DeliveryResult deliverOnNewConnection(DeliveryBatch batch) {
        return deliver(batch, true);
    }

    /// Returns the last response that refused a request since the start.
    Optional<RefusedResponse> lastRefusal() {
        return target.lastRefusal();
    }

    private DeliveryResult deliver(DeliveryBatch batch, boolean onNewConnection) {
        var id = batch.first().event().id().value();
        // names the event in lines of the target's library, too
        MDC.put(EVENT, id);
        var trace = trace(batch);
        try {
            var messages = new ArrayList<OutboundMessage>(batch.size());
            batch.deliveries().forEach(delivery -> messages.add(message(delivery)));
            var result = target.send(new MessageBatch(
                    messages, batch.attempt(), batch.isReplay(), onNewConnection, trace.traceParent()));
            end(trace, result);
            if (LOG.isDebugEnabled()) {
                LOG.debug(
                        "Event {} and {} more to sink {}, attempt {}: {}",
                        id,
                        batch.size() - 1,
                        sink,
                        batch.attempt(),
                        result.text());
            }
            return result;
        } catch (RuntimeException | Error e) {
            LOG.warn("Failed to send event {} to sink {}; retrying", id, sink, e);
            var result = notSent(e);
            end(trace, result);
            return result;
        } finally {
            MDC.remove(EVENT);
        }
    }

    private DeliveryTrace trace(DeliveryBatch batch) {
        return tracer.isOn()
                ? tracer.delivery(new DeliveryAttempt(
                        sink.value(),
                        batch.attempt(),
                        batch.deliveries().stream()
                                .map(delivery -> traced(delivery.event()))
                                .toList()))
                : DeliveryTrace.OFF;
    }

    private static TracedEvent traced(JournalEvent event) {
        return new TracedEvent(
                event.id().value(),
                event.mailbox().map(MailboxRef::id).map(MailboxId::value),
                event.origin().equals(Optional.of(EventOrigin.PUSH)));
    }

    private static void end(DeliveryTrace trace, DeliveryResult result) {
        if (trace.isOn()) {
            trace.end(result.text(), FailureKind.of(result) == FailureKind.NONE);
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

    /// Requires the stored details, so that every attempt sends the same body.
    private byte[] body(JournalEvent event) {
        return details.wantsDetail(event)
                ? events.render(event, details.find(event.position()).orElseThrow())
                : events.render(event);
    }

    /// Sends a test event. Blocks until a result is known; never throws.
    DeliveryResult ping() {
        var id = RandomIdGenerator.next("evt_");
        return sendOnce("test event", id, events.instanceKey(), events.ping(id, sink.value(), clock.instant()));
    }

    /// Sends a heartbeat, without another attempt if it fails. Blocks until a result is known; never throws.
    DeliveryResult heartbeat(Heartbeat heartbeat) {
        var id = RandomIdGenerator.next("evt_");
        var mailbox = heartbeat.mailbox();
        var result =
                sendOnce("heartbeat", id, mailbox.id().value(), events.heartbeat(id, mailbox, heartbeat.receivedAt()));
        LOG.debug("Heartbeat {} of {} to sink {}: {}", id, mailbox.id(), sink, result.text());
        return result;
    }

    /// Sends an event that is not journaled.
    private DeliveryResult sendOnce(String what, String id, String key, byte[] body) {
        try {
            var batch = new MessageBatch(List.of(new OutboundMessage(id, key, body, false)), 1, false);
            var result = target.send(batch);
            return result instanceof DeliveryResult.Stale ? target.send(batch.nextAttempt()) : result;
        } catch (RuntimeException | Error e) {
            LOG.warn("Failed to send the {} to sink {}", what, sink, e);
            return notSent(e);
        }
    }

    @Override
    public void close() {
        target.close();
    }
}
