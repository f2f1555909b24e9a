package dev.tidemark.daemon.config;

import dev.tidemark.daemon.config.TidemarkConfig.ListenerSection;
import dev.tidemark.listener.ListenerConfig;
import dev.tidemark.listener.ListenerConfig.MaxConnections;
import dev.tidemark.listener.ListenerConfig.Tls;
import dev.tidemark.listener.ListenerException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Reads `listener`.
record ListenerReader(ConfigSectionReader root, Path folder) {
    /// Timeout for a head or a body of a client.
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

    private static final ValueConverter<Integer> CONNECTIONS = ValueConverter.wholeNumber(0, 1_000_000);
    private static final URI PLACEHOLDER = URI.create("https://missing.invalid");
    private static final ValueConverter<String> HEALTH_PATH =
            new ValueConverter<>(ListenerReader::healthPath, text -> text);
    private static final ValueConverter<String> TOKEN_KEY =
            new ValueConverter<>(ListenerReader::tokenKey, text -> text);
    private static final ValueConverter<Long> MAX_BODY =
            new ValueConverter<>(ListenerReader::maxBody, QuantityFormat::format);

    ParsedSection<ListenerSection> read() {
        var listener = root.section("listener");
        var bind = listener.get("bind", BindAddress.CONVERTER, new BindAddress("0.0.0.0", 8780));
        var publicUrl = publicUrl(listener);
        var tls = tls(listener, folder);
        var server = new ListenerConfig(
                bind.host(),
                bind.port(),
                ConfigConsistencyChecker.path(publicUrl),
                listener.list("allow-from", NetworkAddressConverter.RANGE, List.of()),
                listener.list("trusted-proxies", NetworkAddressConverter.RANGE, List.of()),
                listener.get("health-path", HEALTH_PATH, "/healthz"),
                Math.toIntExact(listener.get("max-body", MAX_BODY, 1L << 20)),
                listener.get("workers", ValueConverter.wholeNumber(0, 1024), 0),
                listener.get("queue", ValueConverter.wholeNumber(1, 1_000_000), 10_000),
                listener.get(
                        "drain",
                        ValueConverter.durationBetween(Duration.ZERO, Duration.ofSeconds(15)),
                        Duration.ofSeconds(2)),
                IDLE_TIMEOUT,
                tls,
                maxConnections(listener));
        var section = new ListenerSection(
                server,
                publicUrl,
                listener.secret("token-key", TOKEN_KEY),
                listener.secrets("previous-token-keys", TOKEN_KEY));
        listener.finish();
        return new ParsedSection<>(section, listener);
    }

    private static MaxConnections maxConnections(ConfigSectionReader listener) {
        var total = listener.get("max-connections", CONNECTIONS, 0);
        var perAddress = listener.get("max-connections-per-address", CONNECTIONS, 0);
        if (total > 0 && perAddress > total) {
            listener.addWarning(
                    listener.mark("max-connections-per-address"),
                    "listener.max-connections-per-address is above listener.max-connections, which one address can use"
                            + " up then; write less");
        }
        return new MaxConnections(total, perAddress);
    }

    private static URI publicUrl(ConfigSectionReader listener) {
        var url = listener.require("public-url", ValueConverter.WEB_ADDRESS, PLACEHOLDER);
        checkPublicUrl(listener, url);
        return url;
    }

    static void checkPublicUrl(ConfigSectionReader section, URI url) {
        if (url.getRawQuery() != null) {
            section.addFault(
                    section.mark("public-url"),
                    section.dotted("public-url")
                            + " has a query, which callbacks cannot carry; remove the ? and the rest");
        }
    }

    /// Reads `tls` of a server.
    static Optional<Tls> tls(ConfigSectionReader server, Path folder) {
        if (!server.has("tls")) {
            return Optional.empty();
        }
        var tls = server.section("tls");
        var certificate = pem(tls, "certificate", folder);
        var privateKey = pem(tls, "private-key", folder);
        tls.finish();
        var files = new Tls(certificate, privateKey);
        // a missing or unreadable file is a fault already
        if (Files.isRegularFile(certificate) && Files.isRegularFile(privateKey)) {
            check(server, files);
        }
        return Optional.of(files);
    }

    private static void check(ConfigSectionReader server, Tls files) {
        try {
            files.check()
                    .ifPresent(why ->
                            server.addWarning(server.mark("tls"), server.dotted("tls.certificate") + ": " + why));
        } catch (ListenerException unusable) {
            server.addFault(server.mark("tls"), server.dotted("tls") + ": " + sentence(unusable));
        }
    }

    private static String sentence(ListenerException unusable) {
        return String.valueOf(unusable.getMessage()).replaceFirst("\\.$", "");
    }

    private static Path pem(ConfigSectionReader tls, String key, Path folder) {
        var kind = new ValueConverter<Path>(text -> readable(folder.resolve(text)), Path::toString);
        return tls.recordFile(key, tls.require(key, kind, folder));
    }

    private static Path readable(Path file) throws BadValueException {
        if (!Files.isReadable(file)) {
            throw new BadValueException("file " + file + " cannot be read; create it, or fix the path");
        }
        return file;
    }

    private static long maxBody(String text) throws BadValueException {
        var bytes = QuantityFormat.size(text);
        if (bytes > Integer.MAX_VALUE) {
            throw new BadValueException("'" + text + "' is too large; write less than 2GiB");
        }
        return bytes;
    }

    private static String healthPath(String text) throws BadValueException {
        if (!text.matches("/[A-Za-z0-9/._-]+")) {
            throw new BadValueException("'" + text + "' is not a path; write for example /healthz");
        }
        return text;
    }

    private static String tokenKey(String text) throws BadValueException {
        try {
            if (Base64.getDecoder().decode(text).length >= 32) {
                return text;
            }
        } catch (IllegalArgumentException notBase64) {
            throw new BadValueException("this key is not Base64; write what 'openssl rand -base64 32' prints");
        }
        throw new BadValueException("this key has less than 32 bytes; write what 'openssl rand -base64 32' prints");
    }
}
