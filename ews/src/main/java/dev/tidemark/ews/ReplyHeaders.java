package dev.tidemark.ews;

import dev.tidemark.ews.codec.WireValueParser;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/// Picks what is looked at from the head of an answer.
final class ReplyHeaders {
    private static final List<String> NAMES =
            List.of(HttpReply.RETRY_AFTER, HttpReply.DATE, HttpReply.CAS_ERROR, HttpReply.LOCATION);
    private static final String COOKIE = ServerAffinity.COOKIE + "=";

    private ReplyHeaders() {}

    /// `values` gives those of a header by its name, in their order.
    static Map<String, String> of(Function<String, Stream<String>> values) {
        var found = new HashMap<String, String>();
        for (var name : NAMES) {
            values.apply(name).findFirst().flatMap(WireValueParser::text).ifPresent(value -> found.put(name, value));
        }
        values.apply("Set-Cookie")
                .filter(text -> text.startsWith(COOKIE))
                .findFirst()
                .ifPresent(text -> found.put(ServerAffinity.COOKIE, cookie(text)));
        return found;
    }

    /// The value goes as far as the first semicolon (RFC 6265, section 5.2).
    private static String cookie(String text) {
        return text.substring(COOKIE.length()).split(";", 2)[0].strip();
    }
}
