package dev.tidemark.daemon.check;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Result of one step of a check. A failed step has a message that names the likely cause, and a remedy.
public record CheckStep(
        String name,
        Optional<String> connection,
        Optional<String> mailbox,
        Optional<String> sink,
        boolean ok,
        String message,
        Optional<String> remedy) {
    /// Returns the fields of the JSON object that describes the step.
    public Map<String, Object> fields() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", name);
        tree.put("connection", connection);
        tree.put("mailbox", mailbox);
        tree.put("sink", sink);
        tree.put("ok", ok);
        tree.put("message", message);
        tree.put("remedy", remedy);
        return tree;
    }

    /// Returns the step that a JSON object describes.
    public static CheckStep of(Map<String, Object> fields) {
        return new CheckStep(
                text(fields, "name").orElse(""),
                text(fields, "connection"),
                text(fields, "mailbox"),
                text(fields, "sink"),
                Boolean.TRUE.equals(fields.get("ok")),
                text(fields, "message").orElse(""),
                text(fields, "remedy"));
    }

    private static Optional<String> text(Map<String, Object> fields, String key) {
        return Optional.ofNullable(fields.get(key)).map(String::valueOf);
    }

    /// Returns whether it failed because something is unreachable or taken.
    public boolean isUnreachable() {
        return !ok && CheckStage.isUnreachable(name);
    }

    /// Returns whether this is a passed step of the stage.
    public boolean hasPassed(CheckStage stage) {
        return ok && name.equals(stage.label());
    }

    /// Returns a passed step of no connection, mailbox or sink.
    public static CheckStep passed(CheckStage stage, String message) {
        return new CheckStep(
                stage.label(), Optional.empty(), Optional.empty(), Optional.empty(), true, message, Optional.empty());
    }

    /// Returns a failed step of no connection, mailbox or sink.
    public static CheckStep failed(CheckStage stage, String message, String remedy) {
        return new CheckStep(
                stage.label(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                message,
                Optional.of(remedy));
    }

    /// Returns a failed step from one sentence of the form "cause; remedy".
    public static CheckStep failed(CheckStage stage, String sentence) {
        var split = sentence.lastIndexOf("; ");
        return split < 0
                ? failed(stage, sentence, "Repair what the message names.")
                : failed(stage, sentence.substring(0, split) + ".", capitalized(sentence.substring(split + 2)));
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    CheckStep ofConnection(String other) {
        return new CheckStep(name, Optional.of(other), mailbox, sink, ok, message, remedy);
    }

    CheckStep ofMailbox(String address) {
        return new CheckStep(name, connection, Optional.of(address), sink, ok, message, remedy);
    }

    CheckStep ofSink(String other) {
        return new CheckStep(name, connection, mailbox, Optional.of(other), ok, message, remedy);
    }

    /// Steps of a check, in their order.
    public enum CheckStage {
        STORE("store", true),
        LISTENER("listener", true),
        NAME_RESOLUTION("name-resolution", true),
        CONNECT("connect", true),
        AUTODISCOVER("autodiscover", false),
        EWS("ews", false),
        LOG_IN("log-in", false),
        VERSION("version", false),
        IMPERSONATION("impersonation", false),
        SUBSCRIPTION("subscription", false),
        CALLBACK("callback", false),
        SINK("sink", false);

        private final String label;
        private final boolean unreachable;

        CheckStage(String label, boolean unreachable) {
            this.label = label;
            this.unreachable = unreachable;
        }

        /// Returns the name in results.
        public String label() {
            return label;
        }

        /// Returns whether a failure of the step with this name means that something is unreachable or taken.
        static boolean isUnreachable(String label) {
            return Arrays.stream(values()).anyMatch(stage -> stage.unreachable && stage.label.equals(label));
        }
    }
}
