package dev.tidemark.daemon.config;

import dev.tidemark.daemon.config.ConnectionConfigSection.CanarySection;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.message.ConnectingName;
import dev.tidemark.ews.message.ConnectingName.SidLookup;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.http.WebHost;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.values.InvalidValueException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads `connections`.
record ConnectionsReader(ConfigSectionReader root, Path folder) {
    /// XSD, ExchangeVersionType. Versions before 2010 lack usable push with impersonation.
    private static final List<String> VERSIONS = List.of(
            "Exchange2010",
            "Exchange2010_SP1",
            "Exchange2010_SP2",
            "Exchange2013",
            "Exchange2013_SP1",
            "Exchange2015",
            "Exchange2016",
            "V2015_10_05",
            "V2016_01_06",
            "V2016_04_13",
            "V2016_07_13",
            "V2016_10_10",
            "V2017_01_07",
            "V2017_04_14",
            "V2017_07_11");

    static final ValueConverter<ProxyConfig> PROXY =
            new ValueConverter<>(ConnectionsReader::proxy, ProxyConfig::toString);

    /// Literal password in the address of a proxy. The colon in `${env:NAME}` separates no password.
    static final Pattern PROXY_PASSWORD = Pattern.compile("//(?>\\$\\{[^}]*}|[^/@:])*+:(?!\\$\\{)[^/@]+@");

    private static final ValueConverter<Duration> MAX_BACKOFF =
            ValueConverter.durationBetween(Duration.ofSeconds(1), Duration.ofHours(24));

    private static final ValueConverter<Duration> CANARY_TIME =
            ValueConverter.durationBetween(Duration.ofSeconds(1), Duration.ofHours(24));

    private static final ValueConverter<ConnectingName> CONNECTING_NAME =
            new ValueConverter<>(ConnectionsReader::connectingName, ConnectingName::label);
    private static final URI PLACEHOLDER = URI.create("https://missing.invalid/");

    Map<String, ParsedSection<ConnectionConfigSection>> read() {
        var result = new LinkedHashMap<String, ParsedSection<ConnectionConfigSection>>();
        root.namedSections("connections").forEach((name, section) -> result.put(name, connection(name, section)));
        if (result.isEmpty()) {
            root.reportMissing(
                    "connections", root.mark("connections"), "connections is missing or empty; add one with a url");
        }
        return result;
    }

    private ParsedSection<ConnectionConfigSection> connection(String name, ConfigSectionReader section) {
        var allowHttp = section.get("allow-http", ValueConverter.BOOLEAN, false);
        var autodiscover = new AutodiscoverReader(section).read(allowHttp);
        var url = autodiscover
                .map(AutodiscoverConfigSection::url)
                .orElseGet(() -> section.require("url", ValueConverter.WEB_ADDRESS, PLACEHOLDER));
        var version = section.get("version", ValueConverter.oneOf(VERSIONS), "Exchange2013_SP1");
        var auth = new AuthReader(
                        section.section("auth"), folder, Optional.of(url).filter(service -> autodiscover.isEmpty()))
                .read();
        var impersonation = section.get("impersonation", ValueConverter.BOOLEAN, true);
        var connectingName = section.get("impersonate-by", CONNECTING_NAME, ConnectingName.defaultFor(version));
        var limits = section.section("limits");
        var concurrency = limits.get("concurrency", ValueConverter.wholeNumber(1, 1000), 8);
        var perSecond = limits.get("requests-per-second", ValueConverter.wholeNumber(0, 10_000), 20);
        var timeout = limits.get("timeout", ValueConverter.DURATION, Duration.ofSeconds(60));
        var maxBackoff = limits.get("max-backoff", MAX_BACKOFF, ConnectionLimits.DEFAULT_MAX_BACKOFF);
        limits.finish();
        var tls = new TlsReader(section, folder).read();
        var proxy = section.find("proxy", PROXY);
        section.warnOfPasswordIn("proxy", PROXY_PASSWORD);
        var publicUrl = section.find("public-url", ValueConverter.WEB_ADDRESS);
        var canary = canary(section);
        section.finish();
        if (!allowHttp && autodiscover.isEmpty() && isOpenHttp(url)) {
            section.addFault(
                    section.mark("url"),
                    section.dotted("url")
                            + " would send credentials and mail in the clear; write https://, or set allow-http: true");
        }
        var client = new ConnectionConfig(
                name,
                url,
                version,
                auth,
                impersonation,
                timeout,
                concurrency,
                tls,
                proxy,
                connectingName,
                SidLookup.NONE);
        checkProxiedLogin(section, client);
        return new ParsedSection<>(
                new ConnectionConfigSection(
                        client,
                        new ConnectionLimits(concurrency, perSecond, impersonation, maxBackoff),
                        publicUrl,
                        autodiscover,
                        canary,
                        Map.of()),
                section);
    }

    private static Optional<CanarySection> canary(ConfigSectionReader connection) {
        if (!connection.has("canary")) {
            return Optional.empty();
        }
        var section = connection.section("canary");
        var mailbox = section.require("mailbox", GroupsReader.ADDRESS, GroupsReader.PLACEHOLDER);
        var interval = section.get("interval", CANARY_TIME, Duration.ofMinutes(5));
        var overdueAfter = section.get("overdue-after", CANARY_TIME, Duration.ofMinutes(2));
        section.finish();
        return Optional.of(new CanarySection(mailbox, interval, overdueAfter));
    }

    /// Rejects logins of a whole connection through a plain HTTP proxy. The proxy may send requests of several
    /// clients over one connection to the server.
    private static void checkProxiedLogin(ConfigSectionReader section, ConnectionConfig client) {
        var onConnection = switch (client.auth()) {
            case Auth.Ntlm ignored -> true;
            case Auth.Kerberos ignored -> true;
            case Auth.None ignored -> false;
            case Auth.Basic ignored -> false;
            case Auth.OAuth2 ignored -> false;
        };
        if (onConnection
                && client.proxy().isPresent()
                && "http".equalsIgnoreCase(client.url().getScheme())) {
            section.addFault(
                    section.mark("proxy"),
                    section.dotted("proxy") + " cannot carry a login of a whole connection over plain http; write"
                            + " https:// in url, or leave out the proxy");
        }
    }

    private static ConnectingName connectingName(String text) throws BadValueException {
        var known = Arrays.stream(ConnectingName.values())
                .map(ConnectingName::label)
                .toList();
        return ConnectingName.ofLabel(text)
                .orElseThrow(() -> new BadValueException(
                        "'" + text + "' is not a kind of mailbox name; " + NameSuggester.nearestOf(text, known)));
    }

    private static ProxyConfig proxy(String text) throws BadValueException {
        try {
            return ProxyConfig.of(text);
        } catch (InvalidValueException wrong) {
            throw new BadValueException(Optional.ofNullable(wrong.getMessage()).orElse("this is no proxy"));
        }
    }

    static boolean isOpenHttp(URI url) {
        return "http".equalsIgnoreCase(url.getScheme())
                && !NetworkAddressConverter.isLoopback(WebHost.hostIn(url).orElse(""));
    }
}
