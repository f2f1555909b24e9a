package dev.tidemark.forwarder.event;

import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.EventData.Lifecycle;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.EventSource.OfInstance;
import dev.tidemark.store.model.EventSource.OfMailbox;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Renders events as CloudEvents 1.0 in structured JSON. The result depends only on the event and the name of
/// the instance, so every attempt, replay and node sends the same bytes. Thread-safe.
public final class CloudEventRenderer {
    /// Media type of the rendered bytes for a `Content-Type` header (CloudEvents HTTP binding 1.0, structured
    /// mode).
    public static final String CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";

    static final String TYPE_PREFIX = "dev.tidemark.";

    private static final DateTimeFormatter MILLISECONDS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final String ZEROS = "0".repeat(20);

    private final String instanceSource;

    /// @param instance name of the deployment in the store
    public CloudEventRenderer(String instance) {
        this.instanceSource = "/tidemark/" + instance;
    }

    /// Returns the event without item details, as a JSON object in UTF-8.
    public byte[] render(JournalEvent event) {
        return render(event, data -> {});
    }

    /// Returns the event with the stored details of its item.
    public byte[] render(JournalEvent event, ItemDetail detail) {
        return render(event, data -> DetailJson.add(data, detail));
    }

    /// Returns the event for display. `data.detail` is `pending` until the details of its item are stored.
    public byte[] renderForDisplay(JournalEvent event, ItemDetailStore details) {
        if (!details.wantsDetail(event)) {
            return render(event);
        }
        return details.find(event.position())
                .map(detail -> render(event, detail))
                .orElseGet(() -> render(event, data -> data.put("detail", "pending")));
    }

    private byte[] render(JournalEvent event, Consumer<Map<String, Object>> more) {
        var json = new LinkedHashMap<String, Object>();
        json.put("specversion", "1.0");
        json.put("id", event.id().value());
        json.put("type", typeOf(event));
        json.put("source", sourceOf(event.source()));
        mailboxOf(event).flatMap(MailboxRef::address).ifPresent(address -> json.put("subject", address.value()));
        json.put("time", event.time().toString());
        json.put("recordedtime", MILLISECONDS.format(event.recordedAt()));
        json.put("datacontenttype", "application/json");
        json.put("sequence", twentyDigits(event.sequence()));
        json.put("partitionkey", partitionKeyOf(event.source()));
        event.origin().map(CloudEventRenderer::originLabel).ifPresent(origin -> json.put("origin", origin));
        var data = dataOf(event);
        more.accept(data);
        json.put("data", data);
        return JsonMapWriter.bytes(json);
    }

    private static String twentyDigits(long number) {
        var digits = Long.toString(number);
        return ZEROS.substring(digits.length()) + digits;
    }

    /// Returns a test event for one sink. It is not journaled and therefore has no sequence.
    public byte[] ping(String id, String sink, Instant now) {
        var json = new LinkedHashMap<String, Object>();
        json.put("specversion", "1.0");
        json.put("id", id);
        json.put("type", TYPE_PREFIX + "ping");
        json.put("source", instanceSource);
        json.put("time", MILLISECONDS.format(now));
        json.put("datacontenttype", "application/json");
        json.put("data", Map.of("sink", sink));
        return JsonMapWriter.bytes(json);
    }

    /// Returns the event of a heartbeat. It is not journaled and therefore has no sequence and no time of storage.
    public byte[] heartbeat(String id, MailboxRef mailbox, Instant receivedAt) {
        var source = new OfMailbox(mailbox.id());
        var json = new LinkedHashMap<String, Object>();
        json.put("specversion", "1.0");
        json.put("id", id);
        json.put("type", TYPE_PREFIX + "heartbeat");
        json.put("source", sourceOf(source));
        mailbox.address().ifPresent(address -> json.put("subject", address.value()));
        json.put("time", MILLISECONDS.format(receivedAt));
        json.put("datacontenttype", "application/json");
        json.put("partitionkey", partitionKeyOf(source));
        json.put("origin", originLabel(EventOrigin.PUSH));
        json.put("data", EventJson.lifecycle(new Lifecycle(Optional.of(mailbox), Map.of())));
        return JsonMapWriter.bytes(json);
    }

    /// Returns the full type that patterns match against.
    public static String typeOf(JournalEvent event) {
        return TYPE_PREFIX + event.type();
    }

    /// Returns the mailbox that decides the event's sinks; empty for an event of the instance.
    static Optional<MailboxRef> mailboxOf(JournalEvent event) {
        return switch (event.data()) {
            case Change change -> Optional.of(change.mailbox());
            case Lifecycle lifecycle -> lifecycle.mailbox();
        };
    }

    String sourceOf(EventSource source) {
        return switch (source) {
            case OfMailbox mailbox -> instanceSource + "/mailboxes/" + mailbox.id();
            case OfInstance ignored -> instanceSource;
        };
    }

    /// Returns the partition key. Events of one source share it because their order must be kept.
    public String partitionKeyOf(EventSource source) {
        return switch (source) {
            case OfMailbox mailbox -> mailbox.id().value();
            case OfInstance ignored -> instanceKey();
        };
    }

    public String instanceKey() {
        return instanceSource.substring("/tidemark/".length());
    }

    private static Map<String, Object> dataOf(JournalEvent event) {
        return switch (event.data()) {
            case Change change -> EventJson.change(change);
            case Lifecycle lifecycle -> EventJson.lifecycle(lifecycle);
        };
    }

    private static String originLabel(EventOrigin origin) {
        return switch (origin) {
            case PUSH -> "push";
            case STREAM -> "stream";
            case POLL -> "poll";
            case RESYNC -> "resync";
            case SNAPSHOT -> "snapshot";
        };
    }
}
