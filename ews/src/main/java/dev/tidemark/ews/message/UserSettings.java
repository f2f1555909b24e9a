package dev.tidemark.ews.message;

import java.util.List;
import java.util.Optional;

/// Result of GetUserSettings: one user for each requested one, in that order. No users means that the service
/// refused the whole request with `code`.
public record UserSettings(String code, String text, List<User> users) {
    public static final String NO_ERROR = "NoError";

    public UserSettings {
        users = List.copyOf(users);
    }

    /// Settings of one user. `target` is the address or the service to ask instead, depending on `code`.
    public record User(
            String code, String text, Optional<String> target, Optional<String> ewsUrl, Optional<String> grouping) {}
}
