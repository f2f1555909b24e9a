package dev.tidemark.ews;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the challenges of a server that asks for a login. Called by [LoginRequestExecutor]; has no state.
final class LoginChallenges {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9+/]+={0,2}");

    private LoginChallenges() {}

    /// Returns the token of a scheme, if the `WWW-Authenticate` headers have one.
    static Optional<String> token(Stream<String> headers, String scheme) {
        return challenges(headers)
                .filter(each -> each.regionMatches(true, 0, scheme + " ", 0, scheme.length() + 1))
                .map(each -> each.substring(scheme.length() + 1).strip())
                .filter(TOKEN.asMatchPredicate())
                .findFirst();
    }

    /// Returns the names of the offered schemes, separated by commas.
    static String offeredSchemes(Stream<String> headers) {
        return challenges(headers).map(each -> each.split(" ", 2)[0]).distinct().collect(Collectors.joining(", "));
    }

    /// Returns the challenges of all headers; one header may hold several.
    private static Stream<String> challenges(Stream<String> headers) {
        return headers.flatMap(header -> Stream.of(header.split(",")))
                .map(String::strip)
                .filter(Predicate.not(String::isEmpty));
    }
}
