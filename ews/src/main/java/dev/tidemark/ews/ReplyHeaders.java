package dev.tidemark.ews;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/// Selects the relevant headers of a response, for [HttpReply]. Called by the request's thread; has no state.
final class ReplyHeaders {
    private static final List<String> NAMES =
            List.of(HttpReply.RETRY_AFTER, HttpReply.DATE, HttpReply.CAS_ERROR, HttpReply.LOCATION);
    private static final String COOKIE = ServerAffinity.COOKIE + "=";

    private ReplyHeaders() {}

    /// Returns the relevant headers that are present.
    ///
    /// @param values returns the values of a header by its name, in their order
    static Map<String, String> of(Function<String, Stream<String>> values) {
        var found = new HashMap<String, String>();
        for (var name : NAMES) {
            values.apply(name)
                    .findFirst()
                    .map(String::strip)
                    .filter(value -> !value.isEmpty())
                    .ifPresent(value -> found.put(name, value));
        }
        values.apply("Set-Cookie")
                .filter(text -> text.startsWith(COOKIE))
                .findFirst()
                .ifPresent(text -> found.put(ServerAffinity.COOKIE, cookie(text)));
        return found;
    }

    /// Returns the value up to the first semicolon (RFC 6265, section 5.2).
    private static String cookie(String text) {
        return text.substring(COOKIE.length()).split(";", 2)[0].strip();
    }
}
