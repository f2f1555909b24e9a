package dev.tidemark.benchmarks.server;

import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.SinkStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Prepares a folder for the daemon: a store with live mailboxes and no pending work, the list of their
/// addresses, and the configuration.
public final class DaemonFolder {
    /// Signing key of every sink.
    public static final String SINK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// Files of the certificate of a daemon with TLS.
    public static final String CERTIFICATE = SelfSignedIdentity.CERTIFICATE;

    public static final String KEY = SelfSignedIdentity.KEY;

    private static final String CONFIGURATION = "tidemark.yaml";
    private static final String MAILBOXES = "mailboxes.txt";
    private static final String NO_SINKS = "{ }";
    private static final String EMBEDDED =
            "{ url: \"jdbc:h2:file:./tidemark\", username: sa, password: \"\", min-free: 0B }";

    private DaemonFolder() {}

    /// Returns the configuration of a daemon without sinks.
    public static Path prepare(Path folder, int mailboxes, Path kept, Clock clock) throws IOException {
        return prepare(folder, mailboxes, kept, clock, "", NO_SINKS);
    }

    /// Returns the configuration of a daemon without sinks whose listener uses TLS.
    public static Path prepareWithTls(Path folder, int mailboxes, Path kept, Clock clock) throws IOException {
        var configuration = prepare(folder, mailboxes, kept, clock);
        SelfSignedIdentity.into(folder);
        var tls = "tls: { certificate: %s, private-key: %s }, token-key:".formatted(CERTIFICATE, KEY);
        return Files.writeString(configuration, Files.readString(configuration).replace("token-key:", tls));
    }

    /// Returns the configuration of a daemon with one sink, which an operator has disabled.
    static Path withDisabledSink(Path folder, int mailboxes, Path kept, Clock clock) throws IOException {
        var sink = JournalFixture.SINK.value();
        var sinks = "{ %s: { type: webhook, url: \"%s/hook\", secret: \"%s\" } }"
                .formatted(sink, MailboxFixture.PUBLIC, SINK_SECRET);
        var configuration = prepare(folder, mailboxes, kept, clock, sink, sinks);
        try (var store = StoreFactory.open(BenchmarkStores.embedded(folder), clock)) {
            store.deliveries().open(JournalFixture.SINK);
            var disabled = new SinkStatus(Optional.of(clock.instant()), true, true, Optional.of("disabled"));
            store.deliveries().saveStatus(JournalFixture.SINK, disabled);
        }
        return configuration;
    }

    private static Path prepare(Path folder, int mailboxes, Path kept, Clock clock, String forwardTo, String sinks)
            throws IOException {
        MailboxFixture.prepare(folder, mailboxes, kept, clock);
        Files.writeString(
                folder.resolve(MAILBOXES),
                IntStream.range(0, mailboxes)
                        .mapToObj(number -> MailboxFixture.address(number).value() + "\n")
                        .collect(Collectors.joining()));
        return Files.writeString(folder.resolve(CONFIGURATION), configuration(forwardTo, sinks, EMBEDDED));
    }

    /// Returns the configuration of an embedded store in `folder`, for commands.
    public static Path configure(Path folder) throws IOException {
        return write(folder, EMBEDDED);
    }

    /// Returns a configuration in `folder` of a store on PostgreSQL, for commands.
    ///
    /// @param url with user and password
    public static Path configureOnPostgres(Path folder, String url) throws IOException {
        return write(folder, "{ url: \"" + url + "\" }");
    }

    private static Path write(Path folder, String store) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(MAILBOXES), MailboxFixture.address(0).value() + "\n");
        return Files.writeString(folder.resolve(CONFIGURATION), configuration("", NO_SINKS, store));
    }

    private static String configuration(String forwardTo, String sinks, String store) {
        return """
                instance: bench
                connections:
                  absent: { url: "%s", auth: { type: none }, impersonation: true }
                listener: { bind: "127.0.0.1:0", public-url: "%s", token-key: "%s" }
                subscriptions:
                  - name: %s
                    connection: absent
                    mailboxes-file: mailboxes.txt
                    folders: [ inbox ]
                    events: [ NewMail ]
                    status-frequency: 1440m
                    forward-to: [ %s ]
                sinks: %s
                egress: { allow: [ 127.0.0.0/8 ] }
                store: %s
                # however long ago the store was made
                compensator: { silence-after: 3650d, watermark-lifetime: 3650d }
                admin: { bind: "127.0.0.1:0" }
                """.formatted(
                        MailboxFixture.EXCHANGE,
                        MailboxFixture.PUBLIC,
                        TidemarkServer.tokenKey(),
                        MailboxFixture.GROUP,
                        forwardTo,
                        sinks,
                        store);
    }
}
