package dev.tidemark.conformance;

import static dev.tidemark.conformance.SchemaShape.always;
import static dev.tidemark.conformance.SchemaShape.matching;
import static dev.tidemark.conformance.SchemaShape.oneOf;
import static dev.tidemark.conformance.SchemaShape.text;
import static dev.tidemark.conformance.SchemaShape.timestamp;

import dev.tidemark.conformance.SchemaShape.Fields;
import java.util.LinkedHashMap;
import java.util.Map;

/// Type of event.
///
/// @param title description in one sentence
record EventShape(String title, Kind kind, Fields data) {
    private static final String PREFIX = "dev.tidemark.";

    /// Kind of envelope.
    enum Kind {
        CHANGE,
        OF_MAILBOX,
        OF_FORGOTTEN_MAILBOX,
        OF_INSTANCE,
        HEARTBEAT,
        TRIAL
    }

    static EventShape ofChange(String title, Fields data) {
        return new EventShape(title, Kind.CHANGE, data);
    }

    static EventShape ofMailbox(String title, Fields data) {
        return new EventShape(title, Kind.OF_MAILBOX, data);
    }

    /// Returns the type of the event that outlives its mailbox, without the address.
    static EventShape ofForgottenMailbox(String title, Fields data) {
        return new EventShape(title, Kind.OF_FORGOTTEN_MAILBOX, data);
    }

    static EventShape ofInstance(String title, Fields data) {
        return new EventShape(title, Kind.OF_INSTANCE, data);
    }

    /// Returns the shape of a mailbox's event that is not journaled, so it has no sequence and no time of storage.
    static EventShape heartbeat(String title, Fields data) {
        return new EventShape(title, Kind.HEARTBEAT, data);
    }

    static EventShape trial(String title, Fields data) {
        return new EventShape(title, Kind.TRIAL, data);
    }

    /// Returns the complete schema of an event of this type.
    Map<String, Object> document(String type, boolean closed) {
        var json = new LinkedHashMap<String, Object>();
        json.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.put("title", PREFIX + type);
        json.put("description", title + " Fields may be added; ignore unknown ones.");
        json.putAll(envelope(type).schema(closed));
        return json;
    }

    private static String id(boolean journaled) {
        return journaled ? "the same for the same change; ignore known ids" : "another one for each event";
    }

    private Fields envelope(String type) {
        var named = kind == Kind.CHANGE || kind == Kind.OF_MAILBOX || kind == Kind.HEARTBEAT;
        var journaled = kind != Kind.TRIAL && kind != Kind.HEARTBEAT;
        var source = named || kind == Kind.OF_FORGOTTEN_MAILBOX
                ? "^/tidemark/[^/]+/mailboxes/mbx_[a-z2-7]{16}$"
                : "^/tidemark/[^/]+$";
        var fields = Fields.none()
                .must("specversion", always("1.0"))
                .must("id", matching("^evt_[a-z0-9_]+$").saying(id(journaled)))
                .must("type", always(PREFIX + type))
                .must("source", matching(source));
        if (named) {
            fields = fields.must("subject", text("the mailbox's address"));
        }
        fields = fields.must("time", timestamp("time of the change"));
        if (journaled) {
            fields = fields.must("recordedtime", timestamp("time of recording"));
        }
        fields = fields.must("datacontenttype", always("application/json"));
        if (journaled) {
            fields = fields.must(
                    "sequence", matching("^[0-9]{20}$").saying("contiguous from 1 within the source, in the journal"));
        }
        if (kind != Kind.TRIAL) {
            fields = fields.must("partitionkey", text("unit of ordering: the mailbox's id, or the instance"));
        }
        if (kind == Kind.HEARTBEAT) {
            fields = fields.must("origin", always("push"));
        }
        if (kind == Kind.CHANGE) {
            fields = fields.must(
                    "origin",
                    oneOf("push", "stream", "poll", "resync", "snapshot").saying("path by which it was found"));
        }
        return fields.must("data", data);
    }
}
