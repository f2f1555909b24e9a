package dev.tidemark.daemon.command;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Removes secrets from texts, and replaces mail addresses by pseudonyms. One address has the same pseudonym in
/// all texts of one redactor, and different ones in two redactors. Not thread-safe; used by one command.
final class BundleRedactor {
    /// A shorter value, such as a port, would be replaced wherever its characters occur.
    private static final int MIN_SECRET = 6;

    private static final Pattern ADDRESS =
            Pattern.compile("[\\w.!#$%*+^`~'-]+(?:@|%40)[a-z0-9-]+(?:\\.[a-z0-9-]+)+", Pattern.CASE_INSENSITIVE);
    private static final Pattern QUERY = Pattern.compile("(https?://[^\\s\"'?#]+\\?)[^\\s\"'#]+");
    private static final Pattern USER_INFO = Pattern.compile("(https?://)[^\\s\"'/?#@]+@");
    private static final String ALGORITHM = "HmacSHA256";
    private static final int PSEUDONYM_BYTES = 5;

    private final boolean withAddresses;
    private final Mac mac;
    private final Set<String> secrets = new HashSet<>();
    private final Set<String> addresses = new HashSet<>();

    BundleRedactor(boolean withAddresses) {
        this.withAddresses = withAddresses;
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("This JDK lacks " + ALGORITHM + ".", missing);
        }
    }

    /// Registers a text that must not appear.
    void addSecret(String secret) {
        if (secret.length() >= MIN_SECRET) {
            secrets.add(secret);
        }
    }

    /// Registers an address. A registered one is found even if it has unusual characters.
    void addAddress(String address) {
        addresses.add(address);
    }

    String redact(String text) {
        var result = text;
        for (var secret : secrets.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList()) {
            result = result.replace(secret, "(redacted)");
        }
        result = USER_INFO.matcher(result).replaceAll("$1(redacted)@");
        result = QUERY.matcher(result).replaceAll("$1(redacted)");
        return withAddresses ? result : maskAddresses(result);
    }

    private String maskAddresses(String text) {
        var result = text;
        if (!addresses.isEmpty()) {
            result = known().matcher(result).replaceAll(found -> pseudonym(found.group()));
        }
        return ADDRESS.matcher(result)
                .replaceAll(found -> isPseudonym(found.group()) ? found.group() : pseudonym(found.group()));
    }

    private Pattern known() {
        return Pattern.compile(
                addresses.stream()
                        .flatMap(each -> Stream.of(each, each.replace("@", "%40")))
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .map(Pattern::quote)
                        .collect(Collectors.joining("|")),
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    private static boolean isPseudonym(String address) {
        return address.endsWith("@masked.invalid");
    }

    private String pseudonym(String address) {
        var plain = address.replace("%40", "@").toLowerCase(Locale.ROOT);
        var digest = mac.doFinal(plain.getBytes(StandardCharsets.UTF_8));
        return "address-" + HexFormat.of().formatHex(digest, 0, PSEUDONYM_BYTES) + "@masked.invalid";
    }
}
