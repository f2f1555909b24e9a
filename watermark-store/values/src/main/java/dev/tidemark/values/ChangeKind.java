package dev.tidemark.values;

import java.util.Arrays;
import java.util.Optional;

/// Kinds of changes that a subscription can request (XSD, NotificationEventTypeType). StatusEvent is not among
/// them: Exchange sends it without a request.
public enum ChangeKind {
    NEW_MAIL("NewMail"),
    CREATED("Created"),
    DELETED("Deleted"),
    MODIFIED("Modified"),
    MOVED("Moved"),
    COPIED("Copied"),
    FREE_BUSY_CHANGED("FreeBusyChanged");

    private final String label;

    ChangeKind(String label) {
        this.label = label;
    }

    /// Returns the name without `Event`, e.g. `NewMail`, as configuration and events write it.
    public String label() {
        return label;
    }

    /// Returns the name of the element and of the subscribed event type, e.g. `NewMailEvent`.
    public String elementName() {
        return label + "Event";
    }

    public static Optional<ChangeKind> ofLabel(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
    }

    public static Optional<ChangeKind> ofElementName(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.elementName().equals(name))
                .findFirst();
    }
}
