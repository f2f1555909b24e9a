package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.config.NameSuggester;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.List;
import java.util.Map;

/// Reads the fields in the body of a request. Refuses every other body, because an unreadable selection would select
/// all mailboxes.
final class RequestFields {
    private RequestFields() {}

    /// Returns the fields of the JSON object in `body`; none if it is blank.
    ///
    /// @param known names of the fields that the route accepts
    /// @throws BadValueException if the body is not a JSON object, or has another field
    static Map<String, Object> read(String body, List<String> known) throws BadValueException {
        if (body.isBlank()) {
            return Map.of();
        }
        var fields = YamlJsonCodec.findJsonObject(body)
                .orElseThrow(() -> new BadValueException(
                        "the body is no JSON object; send one of " + String.join(", ", known) + ", or no body"));
        for (var name : fields.keySet()) {
            if (!known.contains(name)) {
                throw new BadValueException("'" + name + "' is not known; the nearest is "
                        + NameSuggester.nearest(name, known).orElseThrow());
            }
        }
        return fields;
    }
}
