package dev.tidemark.daemon;

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
}
