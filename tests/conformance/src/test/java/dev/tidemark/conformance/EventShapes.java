package dev.tidemark.conformance;

import static dev.tidemark.conformance.SchemaShape.always;
import static dev.tidemark.conformance.SchemaShape.count;
import static dev.tidemark.conformance.SchemaShape.matching;
import static dev.tidemark.conformance.SchemaShape.oneOf;
import static dev.tidemark.conformance.SchemaShape.text;
import static dev.tidemark.conformance.SchemaShape.timestamp;
import static dev.tidemark.conformance.SchemaShape.truth;

import dev.tidemark.conformance.SchemaShape.Fields;
import dev.tidemark.conformance.SchemaShape.Many;
import dev.tidemark.conformance.SchemaShape.Plain;
import java.util.Map;
import java.util.TreeMap;

/// All event types with their descriptions and fields: the source of `docs/schemas`.
final class EventShapes {
    private static final Map<String, EventShape> ALL = describe();

    private EventShapes() {}

    /// Returns the shapes by type, without `dev.tidemark.`.
    static Map<String, EventShape> all() {
        return ALL;
    }

    private static Map<String, EventShape> describe() {
        var all = new TreeMap<String, EventShape>();
        describeChanges(all);
        describeMailboxes(all);
        describeInstance(all);
        return all;
    }

    private static void describeChanges(Map<String, EventShape> all) {
        all.put(
                "mailbox.message.received",
                EventShape.ofChange("A message arrived.", change("NewMail", target("item", "oldItem"))));
        all.put(
                "mailbox.freebusy.changed",
                EventShape.ofChange("Free or busy times changed.", changeOfEither("FreeBusyChanged")));
        describeChange(all, "Created", "was created");
        describeChange(all, "Modified", "was modified");
        describeChange(all, "Deleted", "was deleted");
        describeChange(all, "Moved", "was moved");
        describeChange(all, "Copied", "was copied");
    }

    private static void describeChange(Map<String, EventShape> all, String kind, String action) {
        var verb = kind.toLowerCase(java.util.Locale.ROOT);
        all.put(
                "mailbox.item." + verb,
                EventShape.ofChange("An item " + action + ".", change(kind, target("item", "oldItem"))));
        all.put(
                "mailbox.folder." + verb,
                EventShape.ofChange("A folder " + action + ".", change(kind, target("folder", "oldFolder"))));
    }

    private static Fields changeOfEither(String kind) {
        var either = Fields.none()
                .may("item", object("item"))
                .may("oldItem", object("item before"))
                .may("folder", object("folder"))
                .may("oldFolder", object("folder before"));
        return change(kind, either).either("item", "folder");
    }

    /// @param target fields that are specific to the kind of object
    private static Fields change(String kind, Fields target) {
        var data = Fields.none()
                .must("mailbox", mailbox())
                .may("subscription", Fields.none().must("id", text("Exchange's SubscriptionId (expose: [protocol])")))
                .must(
                        "change",
                        Fields.none()
                                .must("kind", always(kind))
                                .may("watermark", text("after this event (expose: [protocol])"))
                                .may("previousWatermark", text("before this event (expose: [protocol])")));
        for (var member : target.members().entrySet()) {
            data = target.required().contains(member.getKey())
                    ? data.must(member.getKey(), member.getValue())
                    : data.may(member.getKey(), member.getValue());
        }
        var change = data.may("parentFolder", parent("folder it is in"))
                .may("oldParentFolder", parent("folder it was in"))
                .may("unreadCount", count("unread items, of a modified folder"));
        return target.members().containsKey("item") && !kind.equals("Deleted")
                ? change.may("message", message())
                        .may("detail", oneOf("not-found", "unavailable").saying("reason why message is missing"))
                : change;
    }

    private static Fields message() {
        var mail = Fields.none()
                .may("internetMessageId", text("stays the same when the item is moved"))
                .may("conversationId", text())
                .may("receivedAt", timestamp("time of receipt"))
                .may("sentAt", timestamp("time of sending"))
                .may("subject", text())
                .may("from", person())
                .may("to", new Many(person(), "recipients"))
                .may("cc", new Many(person(), "recipients of a copy"))
                .may("replyTo", new Many(person(), "recipients of a reply"))
                .may("hasAttachments", truth("true with attachments"))
                .may("size", count("bytes, as Exchange counts them"))
                .may("importance", text("Low, Normal or High"))
                .may("sensitivity", text("Normal, Personal, Private or Confidential"))
                .may("isRead", truth("at the time of the fetch"))
                .may("itemClass", text("e.g. IPM.Note"))
                .may("categories", new Many(text(), "names by the mailbox's owner"))
                .may("inReplyTo", text())
                .may("preview", text("the first words"));
        return appointment(mail);
    }

    private static Fields appointment(Fields mail) {
        return mail.may("start", timestamp("of an appointment"))
                .may("end", timestamp("of an appointment"))
                .may("isAllDay", truth("of an appointment"))
                .may("organizer", person())
                .may("location", text("of an appointment"))
                .may("iCalUid", text("of an appointment"))
                .may("isCancelled", truth("of an appointment"));
    }

    private static Fields person() {
        return Fields.none().may("name", text()).may("address", text());
    }

    private static Fields target(String name, String old) {
        return Fields.none().must(name, object(name)).may(old, object(name + " before it was moved or copied"));
    }

    private static Fields object(String what) {
        return Fields.none()
                .must("id", text("Exchange's id of the " + what + ": case-sensitive, long, different after a move"))
                .may("changeKey", text("expose: [protocol]"));
    }

    private static Fields parent(String what) {
        return object(what)
                .may("name", text("its display name, if it was known when the event was recorded"))
                .may("wellKnown", text("its distinguished id, e.g. inbox, if it was known"));
    }

    private static Fields mailbox() {
        return Fields.none()
                .must("id", matching("^mbx_[a-z2-7]{16}$").saying("assigned once, never reused"))
                .must("address", text("the address as configured when the event was recorded"))
                .must("group", text("the group of subscriptions it belonged to"));
    }

    private static Fields forgottenMailbox() {
        return Fields.none()
                .must("id", matching("^mbx_[a-z2-7]{16}$").saying("assigned once, never reused"))
                .must("group", text("the group of subscriptions it belonged to"));
    }

    private static void describeMailboxes(Map<String, EventShape> all) {
        var reason = oneOf("initial", "silence", "gap", "error", "config", "operator");
        put(
                all,
                "subscription.created",
                "Exchange pushes for the mailbox.",
                of().must("reason", reason).may("cause", text("cause, as text")));
        put(
                all,
                "subscription.lost",
                "The mailbox has been silent for too long.",
                of().may("lastHeardAt", timestamp("time of Exchange's last callback"))
                        .must("reason", text())
                        .may("message", text("cause and remedy, as text")));
        put(
                all,
                "subscription.failed",
                "The mailbox cannot be subscribed until an operator acts.",
                of().must("error", error()).must("actionRequired", new Plain(Map.of("const", true))));
        put(
                all,
                "mailbox.gap.detected",
                "Notifications are missing; a resync recovers their events.",
                of().may("expectedWatermark", text("expose: [protocol]"))
                        .may("previousWatermark", text("expose: [protocol]")));
        put(all, "mailbox.resync.completed", "A resync of the mailbox completed.", resync());
        put(
                all,
                "mailbox.push.degraded",
                "Push does not work for the mailbox; a fallback replaces it.",
                of().must("transport", text("transport that replaces push"))
                        .must("compensations", count("compensations in a row without a callback"))
                        .may("lastHeardAt", timestamp("time of Exchange's last callback"))
                        .may("reason", text("callback URL of the subscription, and checks for an operator")));
        put(
                all,
                "mailbox.push.restored",
                "Push works again.",
                of().must("degradedAt", timestamp("time at which push stopped working"))
                        .must("durationMs", count("milliseconds")));
        put(
                all,
                "mailbox.impaired",
                "The mailbox still works, but has a lasting problem.",
                of().must("reason", oneOf("events-skipped", "requests-refused"))
                        .must("message", text("cause and remedy, as text")));
        put(
                all,
                "mailbox.relocated",
                "Another host serves the mailbox.",
                of().must("host", text("host that serves it, from autodiscover"))
                        .must("followed", truth("false if the credentials must not be sent there"))
                        .may("supported", truth("false if Tidemark cannot follow the mailbox, which then may fail"))
                        .may("reason", text("cause and remedy, as text, if it cannot")));
        put(all, "mailbox.paused", "An operator paused the mailbox.", byOperator());
        put(all, "mailbox.resumed", "An operator resumed the mailbox.", byOperator());
        put(all, "mailbox.removed", "The configuration no longer contains the mailbox.", of());
        all.put(
                "mailbox.forgotten",
                EventShape.ofForgottenMailbox(
                        "An operator had everything that is stored of the mailbox removed.",
                        Fields.none().must("mailbox", forgottenMailbox()).must("reason", oneOf("operator"))));
    }

    private static Fields byOperator() {
        return of().may("reason", oneOf("operator")).may("cause", text("the operator's comment"));
    }

    private static Fields resync() {
        return of().must("method", text("method, e.g. sync"))
                .must("created", count("new events of received or created items"))
                .must("modified", count("new events of modified items"))
                .must("deleted", count("new events of deleted items"))
                .must("duplicatesSuppressed", count("changes that were already known"))
                .must("durationMs", count("milliseconds"));
    }

    private static Fields error() {
        return Fields.none()
                .must("code", text("Exchange's response code, or one of Tidemark's"))
                .must("message", text());
    }

    private static void describeInstance(Map<String, EventShape> all) {
        putInstanceEvent(
                all,
                "sink.failing",
                "A sink does not accept events; they wait.",
                sink().may("allow", text("configuration line that would allow the address")));
        putInstanceEvent(all, "sink.disabled", "A sink gets no more requests, or one per hour.", sink());
        putInstanceEvent(all, "sink.enabled", "A sink is used again.", sink());
        putInstanceEvent(
                all,
                "delivery.exhausted",
                "An event became a dead letter.",
                sink().must("eventId", matching("^evt_[a-z0-9_]+$"))
                        .must("eventType", text())
                        .must("deadLetter", text("id for tidemark dead-letters"))
                        .must("attempts", count("number of attempts")));
        putInstanceEvent(
                all,
                "delivery.expired",
                "Events were removed before a sink received them.",
                sink().must("events", count("number of events")));
        putInstanceEvent(all, "connection.unavailable", "Exchange cannot be used.", connection());
        putInstanceEvent(all, "connection.available", "Exchange can be used again.", connection());
        all.put(
                "heartbeat",
                EventShape.heartbeat("A callback without a change: the subscription of the mailbox is alive.", of()));
        all.put(
                "ping",
                EventShape.trial(
                        "A test event that is not in the journal.",
                        Fields.none().must("sink", text("the sink that received it"))));
    }

    private static Fields of() {
        return Fields.none().must("mailbox", mailbox());
    }

    private static Fields connection() {
        return Fields.none()
                .must("connection", text("its name in the configuration"))
                .must("reason", text("reason, as text"));
    }

    private static Fields sink() {
        return Fields.none().must("sink", text("the sink's name")).must("reason", text("reason, as text"));
    }

    private static void put(Map<String, EventShape> all, String type, String title, Fields data) {
        all.put(type, EventShape.ofMailbox(title, data));
    }

    private static void putInstanceEvent(Map<String, EventShape> all, String type, String title, Fields data) {
        all.put(type, EventShape.ofInstance(title, data));
    }
}
