package dev.tidemark.ews.login;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;

/// Reads the challenges of a server that asks for a login. Called by [LoginRequestExecutor]; has no state.
final class LoginChallenges {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9+/]+={0,2}");

    private LoginChallenges() {}

    /// Returns the token of a scheme, if the response has one.
    static Optional<String> token(ClassicHttpResponse response, String scheme) {
        return challenges(response)
                .filter(each -> each.regionMatches(true, 0, scheme + " ", 0, scheme.length() + 1))
                .map(each -> each.substring(scheme.length() + 1).strip())
                .filter(TOKEN.asMatchPredicate())
                .findFirst();
    }

    /// Returns the names of the offered schemes, separated by commas.
    static String offeredSchemes(ClassicHttpResponse response) {
        return challenges(response)
                .map(each -> each.split(" ", 2)[0])
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /// Returns the challenges of all headers; one header may hold several.
    private static Stream<String> challenges(ClassicHttpResponse response) {
        return Stream.of(response.getHeaders(HttpHeaders.WWW_AUTHENTICATE))
                .flatMap(header -> Stream.of(header.getValue().split(",")))
                .map(String::strip)
                .filter(Predicate.not(String::isEmpty));
    }
}
