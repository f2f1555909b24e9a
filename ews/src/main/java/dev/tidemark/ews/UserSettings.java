package dev.tidemark.ews;

import java.util.List;
import java.util.Optional;

/// An answer to GetUserSettings: one user each, in the order asked. Absent users mean that the whole request
/// was refused with `code`.
record UserSettings(String code, String text, List<User> users) {
    static final String NO_ERROR = "NoError";

    UserSettings {
        users = List.copyOf(users);
    }

    /// `target` is the address to ask for instead, or the service to ask, as `code` says.
    record User(
            String code, String text, Optional<String> target, Optional<String> ewsUrl, Optional<String> grouping) {}
}
