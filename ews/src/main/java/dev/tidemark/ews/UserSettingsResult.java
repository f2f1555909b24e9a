package dev.tidemark.ews;

import dev.tidemark.ews.message.UserSettings;
import java.net.URI;

/// Response of the autodiscover service.
sealed interface UserSettingsResult {
    record Answered(UserSettings settings) implements UserSettingsResult {}

    /// Redirects to another service.
    record Redirected(URI location) implements UserSettingsResult {}
}
