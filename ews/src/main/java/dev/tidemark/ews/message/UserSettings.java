package dev.tidemark.ews.message;

import java.util.List;
import java.util.Optional;

/// An answer to GetUserSettings: one user each, in the order asked. Absent users mean that the whole request
/// was refused with `code`.
public record UserSettings(String code, String text, List<User> users) {
    public static final String NO_ERROR = "NoError";

    public UserSettings {
        users = List.copyOf(users);
    }

    /// `target` is the address to ask for instead, or the service to ask, as `code` says.
    public record User(
            String code, String text, Optional<String> target, Optional<String> ewsUrl, Optional<String> grouping) {}
}
