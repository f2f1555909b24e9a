package dev.tidemark.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Configuration of a test: one connection, one group and one webhook, all on loopback. Values are YAML; all
/// other settings have their defaults.
final class DaemonConfig {
    static final String INSTANCE = "e2e";
    static final String GROUP = "inboxes";

    private final String secret;
    private final int listenerPort = LoopbackPorts.free();
    private final int adminPort = LoopbackPorts.free();
    private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    private final Map<String, String> sinks = new LinkedHashMap<>();

    DaemonConfig(URI exchange, List<String> mailboxes, MisbehavingWebhookReceiver webhook) {
        secret = webhook.secret();
        with("connection", "url", exchange.toString());
        with("connection", "auth", "{ type: none }");
        with("listener", "bind", "127.0.0.1:" + listenerPort);
        with("listener", "public-url", listener().toString());
        with("listener", "drain", "250ms");
        with("group", "connection", "lab");
        with("group", "mailboxes", "[ " + String.join(", ", mailboxes) + " ]");
        with("group", "status-frequency", "30m");
        with("group", "forward-to", "[ hook ]");
        with("sink", "type", "webhook");
        with("sink", "url", webhook.url().toString());
        with("sink", "secret", "${file:hook.secret}");
        with("egress", "allow", "[ 127.0.0.0/8 ]");
        with("store", "url", "jdbc:h2:file:./data/tidemark");
        with("store", "min-free", "1MiB");
        with("compensator", "sweep-interval", "250ms");
        with("admin", "bind", "127.0.0.1:" + adminPort);
        with("admin", "token-file", "admin-token");
    }

    /// Sets a value. Sections are those of the file, plus `connection`, `group` and `sink` for the only one of
    /// each.
    DaemonConfig with(String section, String key, String value) {
        sections.computeIfAbsent(section, ignored -> new LinkedHashMap<>()).put(key, value);
        return this;
    }

    /// Adds a further sink, or removes it if `yaml` is empty.
    DaemonConfig withSink(String name, String yaml) {
        if (yaml.isEmpty()) {
            sinks.remove(name);
        } else {
            sinks.put(name, yaml);
        }
        return this;
    }

    URI listener() {
        return URI.create("http://127.0.0.1:" + listenerPort);
    }

    URI admin() {
        return URI.create("http://127.0.0.1:" + adminPort);
    }

    int listenerPort() {
        return listenerPort;
    }

    int adminPort() {
        return adminPort;
    }

    Path write(Path folder) {
        try {
            Files.writeString(folder.resolve("hook.secret"), secret);
            return Files.writeString(folder.resolve("tidemark.yaml"), yaml());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String yaml() {
        return "instance: " + INSTANCE + "\n"
                + "connections:\n  lab:\n" + lines("connection", "    ")
                + "listener:\n" + lines("listener", "  ")
                + "subscriptions:\n  - name: " + GROUP + "\n" + lines("group", "    ")
                + "sinks:\n  hook:\n" + lines("sink", "    ") + furtherSinks()
                + "egress:\n" + lines("egress", "  ")
                + "store:\n" + lines("store", "  ")
                + "compensator:\n" + lines("compensator", "  ")
                + "admin:\n" + lines("admin", "  ")
                + optional("cluster")
                + optional("tracing");
    }

    private String optional(String section) {
        return sections.containsKey(section) ? section + ":\n" + lines(section, "  ") : "";
    }

    private String furtherSinks() {
        return sinks.entrySet().stream()
                .map(sink -> "  " + sink.getKey() + ": " + sink.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private String lines(String section, String indent) {
        return sections.getOrDefault(section, Map.of()).entrySet().stream()
                .map(entry -> indent + entry.getKey() + ": " + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
