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

/// The outside form of events: CloudEvents 1.0, structured JSON. A pure function of the event and the
/// instance's name, so every attempt, replay and node gives the same bytes. Safe for use by many threads.
public final class CloudEventRenderer {
    /// What the bytes are, for a `Content-Type` header (CloudEvents HTTP binding 1.0, structured mode).
    public static final String CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";

    static final String TYPE_PREFIX = "dev.tidemark.";

    private static final DateTimeFormatter MILLISECONDS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final String ZEROS = "0".repeat(20);

    private final String instanceSource;

    /// @param instance the name of the deployment, as the store has it
    public CloudEventRenderer(String instance) {
        this.instanceSource = "/tidemark/" + instance;
    }

    /// The event as a JSON object in UTF-8, as it is sent where it tells nothing of its item.
    public byte[] render(JournalEvent event) {
        return render(event, data -> {});
    }

    /// The event as it is sent, with what is settled about its item.
    public byte[] render(JournalEvent event, ItemDetail detail) {
        return render(event, data -> DetailJson.add(data, detail));
    }

    /// The event as it is, or will be, sent; `data.detail` is `pending` while that is not settled.
    public byte[] renderForDisplay(JournalEvent event, ItemDetailStore details) {
        if (!details.wanted(event)) {
            return render(event);
        }
        return details.at(event.position())
                .map(detail -> render(event, detail))
                .orElseGet(() -> render(event, data -> data.put("detail", "pending")));
    }

    private byte[] render(JournalEvent event, Consumer<Map<String, Object>> more) {
        var json = new LinkedHashMap<String, Object>();
        json.put("specversion", "1.0");
        json.put("id", event.id().value());
        json.put("type", typeOf(event));
        json.put("source", sourceOf(event.source()));
        mailboxOf(event)
                .ifPresent(mailbox -> json.put("subject", mailbox.address().value()));
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

    /// A trial event for one sink. It is not journalled and so has no sequence.
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

    /// The whole type, as patterns are matched against it.
    public static String typeOf(JournalEvent event) {
        return TYPE_PREFIX + event.type();
    }

    /// The group whose sinks the event is meant for; none for what speaks of the instance.
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

    /// What must stay together in partitioned sinks is what is ordered: the source.
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
