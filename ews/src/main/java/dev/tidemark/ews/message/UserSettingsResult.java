package dev.tidemark.ews.message;

import java.net.URI;

/// What the autodiscover service answers.
public sealed interface UserSettingsResult {
    record Answered(UserSettings settings) implements UserSettingsResult {}

    /// Another address answers instead.
    record Redirected(URI location) implements UserSettingsResult {}
}
