package dev.tidemark.daemon.config;

import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.config.ConnectionConfig.ClientProof;
import dev.tidemark.ews.config.ConnectionConfig.KerberosSecret;
import dev.tidemark.ews.config.EwsTlsConfig.StoreFile;
import dev.tidemark.ews.config.UnreadableStoreException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads `auth` of a connection. Opens the referenced files, so that `check` reports an unusable file. `url` is
/// the fixed address of the connection, if any; a token is for its host.
record AuthReader(ConfigSectionReader auth, Path folder, Optional<URI> url) {
    private static final URI PLACEHOLDER = URI.create("https://missing.invalid/");

    /// Placeholder after a fault.
    private static final String UNKNOWN = "";

    private static final Set<String> SECRETS = Set.of("password", "client-secret", "certificate-password");

    /// Allowed keys of each type, besides `type`.
    private static final Map<String, List<String>> KEYS = keys();

    private static final ValueConverter<String> TENANT =
            text("[A-Za-z0-9][A-Za-z0-9.-]*", "a tenant", "its id or its domain");
    private static final ValueConverter<String> SERVICE =
            text("[^/@\\s]+/[^/@\\s]+", "the name of a service", "HTTP/mail.example.com, without a realm");

    Auth read() {
        var types = ValueConverter.oneOf(List.copyOf(KEYS.keySet()));
        var type = auth.get("type", types, auth.has("type") ? UNKNOWN : "none");
        if (type.equals(UNKNOWN)) {
            return unknown();
        }
        var result = switch (type) {
            case "basic" -> new Auth.Basic(auth.require("username", ValueConverter.TEXT, ""), password());
            case "ntlm" -> new Auth.Ntlm(auth.require("username", ValueConverter.TEXT, ""), password(), bindsChannel());
            case "kerberos" -> kerberos();
            case "oauth2" -> oauth2();
            default -> new Auth.None();
        };
        KEYS.values().stream()
                .flatMap(List::stream)
                .distinct()
                .filter(key -> !KEYS.getOrDefault(type, List.of()).contains(key))
                .forEach(key -> auth.rejectMisplaced(
                        key, auth.dotted(key) + " is not for type " + type + "; leave it out, or write another type"));
        auth.finish();
        return result;
    }

    /// Returns no login for an unknown type, so that the rest of the file can be read.
    private Auth unknown() {
        KEYS.values().stream().flatMap(List::stream).distinct().forEach(key -> {
            if (SECRETS.contains(key)) {
                auth.secret(key, ValueConverter.TEXT);
            } else {
                auth.find(key, ValueConverter.TEXT);
            }
        });
        auth.finish();
        return new Auth.None();
    }

    private String password() {
        return requireSecret("password", "", auth.secret("password", ValueConverter.TEXT));
    }

    /// Returns false if a balancer shows another certificate than Exchange, whose hash would be wrong.
    private boolean bindsChannel() {
        return auth.get("channel-binding", ValueConverter.oneOf("send", "omit"), "send")
                .equals("send");
    }

    /// Returns a required secret. A fault names `instead` as the alternative.
    private String requireSecret(String key, String instead, Optional<String> secret) {
        // a missing variable is a fault already
        if (secret.isEmpty() && !auth.has(key)) {
            auth.reportMissing(
                    key,
                    auth.mark(key),
                    auth.dotted(key) + " is missing; write ${env:NAME} or ${file:PATH}"
                            + (instead.isEmpty() ? "" : ", or name a " + instead));
        }
        return secret.orElse("");
    }

    /// Reports two credentials of which only one would be used.
    private void rejectBoth(String key, String other) {
        if (auth.has(key) && auth.has(other)) {
            auth.addFault(auth.mark(key), auth.dotted(key) + " stands beside a " + other + "; leave out one of them");
        }
    }

    private Auth kerberos() {
        var principal = auth.require("principal", ValueConverter.TEXT, "");
        var keytab = file("keytab");
        var password = auth.secret("password", ValueConverter.TEXT);
        rejectBoth("password", "keytab");
        // an unreadable keytab is a fault already
        var secret = auth.has("keytab")
                ? keytab.<KerberosSecret>map(KerberosSecret.Keytab::new).orElse(new KerberosSecret.Password(""))
                : new KerberosSecret.Password(requireSecret("password", "keytab", password));
        return new Auth.Kerberos(principal, secret, file("krb5-conf"), auth.find("service", SERVICE), bindsChannel());
    }

    private Auth oauth2() {
        var tenant = auth.find("tenant", TENANT);
        var written = auth.find("token-url", ValueConverter.WEB_ADDRESS);
        if (!auth.has("tenant") && !auth.has("token-url")) {
            auth.reportMissing(
                    "tenant",
                    auth.mark(),
                    auth.dotted("tenant") + " is missing; add it, or token-url for another authority");
        }
        var tokenUrl = written.or(() -> tenant.map(AuthReader::entra)).orElse(PLACEHOLDER);
        auth.effective().put("token-url", tokenUrl.toString());
        if (ConnectionsReader.isOpenHttp(tokenUrl)) {
            auth.addFault(
                    auth.mark("token-url"),
                    auth.dotted("token-url") + " would send the client's secret in the clear; write https://");
        }
        var clientId = auth.require("client-id", ValueConverter.TEXT, "");
        var result = new Auth.OAuth2(tokenUrl, clientId, proof(), auth.find("scope", ValueConverter.TEXT));
        url.ifPresent(service -> auth.effective().put("scope", result.scopeAt(service)));
        return result;
    }

    private ClientProof proof() {
        var certificate = file("certificate");
        var password = auth.secret("certificate-password", ValueConverter.TEXT);
        var key = file("private-key");
        var secret = auth.secret("client-secret", ValueConverter.TEXT);
        rejectBoth("client-secret", "certificate");
        for (var part : List.of("certificate-password", "private-key")) {
            if (auth.has(part) && !auth.has("certificate")) {
                auth.reportMissing(
                        "certificate",
                        auth.mark(part),
                        auth.dotted("certificate") + " is missing; name the file, or leave out its " + part);
            }
        }
        if (!auth.has("certificate")) {
            return new ClientProof.Secret(requireSecret("client-secret", "certificate", secret));
        }
        var proof = certificate.map(file -> new ClientProof.Certificate(new StoreFile(file, password), key));
        var unread =
                (auth.has("certificate-password") && password.isEmpty()) || (auth.has("private-key") && key.isEmpty());
        proof.filter(each -> !unread).ifPresent(this::open);
        return proof.<ClientProof>map(each -> each).orElse(new ClientProof.Secret(""));
    }

    private void open(ClientProof.Certificate proof) {
        try {
            proof.open();
        } catch (UnreadableStoreException unusable) {
            auth.addFault(auth.mark("certificate"), auth.dotted("certificate") + ": " + unusable.getMessage());
        }
    }

    /// Returns a readable file.
    private Optional<Path> file(String key) {
        var path = auth.find(key, new ValueConverter<>(text -> readable(folder.resolve(text)), Path::toString));
        path.ifPresent(file -> auth.recordFile(key, file));
        return path;
    }

    private static Path readable(Path path) throws BadValueException {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new BadValueException(path + " cannot be read; create it, or fix the path");
        }
        return path;
    }

    private static URI entra(String tenant) {
        return URI.create("https://login.microsoftonline.com/" + tenant + "/oauth2/v2.0/token");
    }

    private static ValueConverter<String> text(String regex, String what, String example) {
        var pattern = Pattern.compile(regex);
        return new ValueConverter<>(
                text -> {
                    if (!pattern.matcher(text).matches()) {
                        throw new BadValueException("'" + text + "' is not " + what + "; write " + example);
                    }
                    return text;
                },
                text -> text);
    }

    private static Map<String, List<String>> keys() {
        var keys = new LinkedHashMap<String, List<String>>();
        keys.put("none", List.of());
        keys.put("basic", List.of("username", "password"));
        keys.put("ntlm", List.of("username", "password", "channel-binding"));
        keys.put("kerberos", List.of("principal", "keytab", "password", "krb5-conf", "service", "channel-binding"));
        keys.put(
                "oauth2",
                List.of(
                        "tenant",
                        "token-url",
                        "client-id",
                        "client-secret",
                        "certificate",
                        "certificate-password",
                        "private-key",
                        "scope"));
        return keys;
    }
}
