package dev.tidemark.ews;

import java.net.URI;

/// What the autodiscover service answers.
sealed interface UserSettingsReply {
    record Told(UserSettings settings) implements UserSettingsReply {}

    /// Another address answers instead.
    record Moved(URI location) implements UserSettingsReply {}
}
