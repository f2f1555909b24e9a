package dev.tidemark.daemon.check;

import java.util.Arrays;

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
