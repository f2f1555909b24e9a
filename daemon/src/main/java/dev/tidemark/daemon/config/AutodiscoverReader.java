package dev.tidemark.daemon.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads `connections.*.autodiscover`.
record AutodiscoverReader(ConfigSectionReader connection) {
    private static final String NEVER = "never";
    private static final URI PLACEHOLDER = URI.create("https://missing.invalid/");

    private static final ValueConverter<Optional<Duration>> REFRESH = new ValueConverter<>(
            text -> text.equals(NEVER) ? Optional.empty() : Optional.of(ValueConverter.DURATION.parse(text)),
            refresh -> refresh.map(QuantityFormat::format).orElse(NEVER));

    private static final ValueConverter<String> HOST = new ValueConverter<>(AutodiscoverReader::host, text -> text);

    /// Returns empty if the connection has a fixed address.
    Optional<AutodiscoverConfigSection> read(boolean allowHttp) {
        if (!connection.has("autodiscover")) {
            return Optional.empty();
        }
        if (connection.has("url")) {
            connection.addFault(
                    connection.mark("autodiscover"),
                    connection.dotted("autodiscover") + " is for a connection without url; leave out one of the two");
        }
        var section = connection.section("autodiscover");
        var url = section.require("url", ValueConverter.WEB_ADDRESS, PLACEHOLDER);
        var allowedHosts = section.list("allowed-hosts", HOST, List.of());
        var refresh = section.get("refresh", REFRESH, Optional.of(Duration.ofHours(24)));
        // limit of mailboxes per request (docs, getusersettings-operation-soap)
        var batch = section.get("batch", ValueConverter.wholeNumber(1, 100), 100);
        section.finish();
        if (!allowHttp && ConnectionsReader.isOpenHttp(url)) {
            section.addFault(
                    section.mark("url"),
                    section.dotted("url")
                            + " would send credentials in the clear; write https://, or set allow-http: true");
        }
        return Optional.of(new AutodiscoverConfigSection(url, allowedHosts, refresh, batch, allowHttp));
    }

    private static String host(String text) throws BadValueException {
        if (!text.matches("(?i)(\\*\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")) {
            throw new BadValueException(
                    "'" + text + "' is not a host; write its name alone, or *.example.com for all below a domain");
        }
        return text;
    }
}
