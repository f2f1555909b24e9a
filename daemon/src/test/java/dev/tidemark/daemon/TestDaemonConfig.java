package dev.tidemark.daemon;

import dev.tidemark.daemon.admin.access.AdminTokenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Configuration of a whole daemon on free ports of loopback. Exchange and the webhook are unreachable.
public final class TestDaemonConfig {
    public static final String TEXT = """
        instance: gw1
        connections:
          onprem: { url: 'http://127.0.0.1:9/EWS/Exchange.asmx' }
        listener: { bind: '127.0.0.1:0', public-url: 'http://127.0.0.1:0', drain: 0s }
        subscriptions:
          - { name: inboxes, connection: onprem, mailboxes: [ ada@example.com, bob@example.com ], forward-to: [ crm ] }
        sinks:
          crm: { url: 'http://127.0.0.1:9/', secret: '${env:CRM_SECRET}' }
        egress: { allow: [ 127.0.0.0/8 ] }
        store: { url: 'jdbc:h2:file:./t', min-free: 1MiB }
        admin: { bind: '127.0.0.1:0' }
        """;

    private TestDaemonConfig() {}

    /// Returns the token of the first start of a daemon whose configuration is in `folder`.
    public static String token(Path folder) {
        try {
            return Files.readString(folder.resolve(AdminTokenFile.NAME)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
