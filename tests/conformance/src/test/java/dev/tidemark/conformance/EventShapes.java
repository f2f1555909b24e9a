package dev.tidemark.conformance;

import static dev.tidemark.conformance.SchemaShape.always;
import static dev.tidemark.conformance.SchemaShape.count;
import static dev.tidemark.conformance.SchemaShape.matching;
import static dev.tidemark.conformance.SchemaShape.moment;
import static dev.tidemark.conformance.SchemaShape.oneOf;
import static dev.tidemark.conformance.SchemaShape.text;
import static dev.tidemark.conformance.SchemaShape.truth;

import dev.tidemark.conformance.SchemaShape.Fields;
import dev.tidemark.conformance.SchemaShape.Many;
import dev.tidemark.conformance.SchemaShape.Plain;
import java.util.Map;
import java.util.TreeMap;

/// Every type of event, what it says, and what its data holds: the source of `docs/schemas`.
final class EventShapes {
    private static final Map<String, EventShape> ALL = describe();

    private EventShapes() {}

    /// By type, `dev.tidemark.` left out.
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

    private static void describeChange(Map<String, EventShape> all, String kind, String said) {
        var verb = kind.toLowerCase(java.util.Locale.ROOT);
        all.put(
                "mailbox.item." + verb,
                EventShape.ofChange("An item " + said + ".", change(kind, target("item", "oldItem"))));
        all.put(
                "mailbox.folder." + verb,
                EventShape.ofChange("A folder " + said + ".", change(kind, target("folder", "oldFolder"))));
    }

    private static Fields changeOfEither(String kind) {
        var either = Fields.none()
                .may("item", object("item"))
                .may("oldItem", object("item before"))
                .may("folder", object("folder"))
                .may("oldFolder", object("folder before"));
        return change(kind, either).either("item", "folder");
    }

    /// @param target what is special about the kind of object
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
                        .may("detail", oneOf("not-found", "unavailable").saying("why there is no message"))
                : change;
    }

    private static Fields message() {
        var mail = Fields.none()
                .may("internetMessageId", text("what stays when the item is moved"))
                .may("conversationId", text())
                .may("receivedAt", moment("when it was received"))
                .may("sentAt", moment("when it was sent"))
                .may("subject", text())
                .may("from", person())
                .may("to", new Many(person(), "recipients"))
                .may("cc", new Many(person(), "recipients of a copy"))
                .may("replyTo", new Many(person(), "whom to answer"))
                .may("hasAttachments", truth("whether anything is attached"))
                .may("size", count("bytes, as Exchange counts them"))
                .may("importance", text("Low, Normal or High"))
                .may("sensitivity", text("Normal, Personal, Private or Confidential"))
                .may("isRead", truth("when it was fetched"))
                .may("itemClass", text("e.g. IPM.Note"))
                .may("categories", new Many(text(), "as the mailbox's owner named them"))
                .may("inReplyTo", text())
                .may("preview", text("the first words"));
        return appointment(mail);
    }

    private static Fields appointment(Fields mail) {
        return mail.may("start", moment("of an appointment"))
                .may("end", moment("of an appointment"))
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
                .may("name", text("its display name, where it was known when the event was recorded"))
                .may("wellKnown", text("its distinguished id, e.g. inbox, where it was known"));
    }

    private static Fields mailbox() {
        return Fields.none()
                .must("id", matching("^mbx_[a-z2-7]{16}$").saying("given once, never reused"))
                .must("address", text("the address as configured when the event was recorded"))
                .must("group", text("the group of subscriptions it belonged to"));
    }

    private static void describeMailboxes(Map<String, EventShape> all) {
        var reason = oneOf("initial", "silence", "gap", "error", "config", "operator");
        put(
                all,
                "subscription.created",
                "Exchange pushes for the mailbox.",
                of().must("reason", reason).may("cause", text("what led to it, for people")));
        put(
                all,
                "subscription.lost",
                "The mailbox has been silent for too long.",
                of().may("lastHeardAt", moment("when Exchange last called"))
                        .must("reason", text())
                        .may("message", text("cause and remedy, as text")));
        put(
                all,
                "subscription.failed",
                "The mailbox cannot be subscribed until somebody acts.",
                of().must("error", error()).must("actionRequired", new Plain(Map.of("const", true))));
        put(
                all,
                "mailbox.gap.detected",
                "Notifications are missing; what they told is fetched again.",
                of().may("expectedWatermark", text("expose: [protocol]"))
                        .may("previousWatermark", text("expose: [protocol]")));
        put(all, "mailbox.resync.completed", "What was missed has been looked for.", resync());
        put(
                all,
                "mailbox.push.degraded",
                "Push does not work for the mailbox; it is looked after in another way.",
                of().must("transport", text("what takes its place"))
                        .must("compensations", count("how many in a row led to no call-back"))
                        .may("lastHeardAt", moment("when Exchange last called"))
                        .may("reason", text("URL that Exchange was given, and checks for an operator")));
        put(
                all,
                "mailbox.push.restored",
                "Push works again.",
                of().must("degradedAt", moment("since when it had not")).must("durationMs", count("milliseconds")));
        put(
                all,
                "mailbox.impaired",
                "The mailbox still works, but has a lasting problem.",
                of().must("reason", oneOf("events-skipped", "requests-refused"))
                        .must("message", text("cause and remedy, as text")));
        put(
                all,
                "mailbox.relocated",
                "The mailbox is served at another place.",
                of().must("host", text("which serves it, as autodiscover says"))
                        .must("followed", truth("false where the credentials must not go there")));
        put(all, "mailbox.paused", "An operator paused the mailbox.", byOperator());
        put(all, "mailbox.resumed", "An operator resumed the mailbox.", byOperator());
        put(all, "mailbox.removed", "Configuration names the mailbox no more.", of());
    }

    private static Fields byOperator() {
        return of().may("reason", oneOf("operator")).may("cause", text("what the operator said about it"));
    }

    private static Fields resync() {
        return of().must("method", text("how it was done, e.g. sync"))
                .must("created", count("news of what was received or created"))
                .must("modified", count("news of what was modified"))
                .must("deleted", count("news of what was deleted"))
                .must("duplicatesSuppressed", count("changes that were known already"))
                .must("durationMs", count("milliseconds"));
    }

    private static Fields error() {
        return Fields.none()
                .must("code", text("Exchange's response code, or a word of ours"))
                .must("message", text());
    }

    private static void describeInstance(Map<String, EventShape> all) {
        putOfInstance(
                all,
                "sink.failing",
                "A sink does not take events; they wait.",
                sink().may("allow", text("the line of configuration that would open the address")));
        putOfInstance(all, "sink.disabled", "A sink is tried no more, or once an hour.", sink());
        putOfInstance(all, "sink.enabled", "A sink is used again.", sink());
        putOfInstance(
                all,
                "delivery.exhausted",
                "An event became a dead letter.",
                sink().must("eventId", matching("^evt_[a-z0-9_]+$"))
                        .must("eventType", text())
                        .must("deadLetter", text("for tidemark dead-letters"))
                        .must("attempts", count("how often it was tried")));
        putOfInstance(
                all,
                "delivery.expired",
                "Events were removed before a sink had them.",
                sink().must("events", count("how many")));
        putOfInstance(all, "connection.unavailable", "Exchange cannot be used.", connection());
        putOfInstance(all, "connection.available", "Exchange can be used again.", connection());
        all.put(
                "ping",
                EventShape.trial(
                        "A trial event, not journalled.", Fields.none().must("sink", text("the sink it was sent to"))));
    }

    private static Fields of() {
        return Fields.none().must("mailbox", mailbox());
    }

    private static Fields connection() {
        return Fields.none()
                .must("connection", text("its name in the configuration"))
                .must("reason", text("why, for people"));
    }

    private static Fields sink() {
        return Fields.none().must("sink", text("the sink's name")).must("reason", text("why, for people"));
    }

    private static void put(Map<String, EventShape> all, String type, String title, Fields data) {
        all.put(type, EventShape.ofMailbox(title, data));
    }

    private static void putOfInstance(Map<String, EventShape> all, String type, String title, Fields data) {
        all.put(type, EventShape.ofInstance(title, data));
    }
}
