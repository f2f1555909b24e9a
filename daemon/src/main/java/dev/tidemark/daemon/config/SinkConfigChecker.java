package dev.tidemark.daemon.config;

import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.event.EventTypeCatalog;
import dev.tidemark.forwarder.targets.DeliveryResult.AddressRefused;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.EgressPolicy;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.http.WebHost;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether each sink can get anything at all.
record SinkConfigChecker(
        List<ParsedSection<GroupConfigSection>> groups,
        Collection<ParsedSection<SinkConfig>> sinks,
        EgressConfig egress) {
    void run() {
        var named = groups.stream()
                .flatMap(group -> group.value().forwardTo().stream())
                .collect(Collectors.toSet());
        var known = sinks.stream().map(sink -> sink.value().name().value()).collect(Collectors.toSet());
        sinks.forEach(this::reachable);
        // a name that leads nowhere is a mistake already, and may be meant for any of them
        if (known.containsAll(named)) {
            sinks.forEach(sink -> fed(sink, named));
        }
    }

    /// As far as the address tells without asking any name server.
    private void reachable(ParsedSection<SinkConfig> sink) {
        if (sink.value().target() instanceof WebhookConfig webhook) {
            EgressPolicy.refusal(egress, WebHost.in(webhook.url()).orElse(""))
                    .ifPresent(refused -> warn(sink, refused));
        }
    }

    private static void warn(ParsedSection<SinkConfig> sink, AddressRefused refused) {
        var mend =
                refused.allow().map(line -> "add " + line + " to egress.allow").orElse("give it another address");
        sink.section()
                .risk(
                        sink.section().mark("url"),
                        "sink '" + sink.value().name() + "' will be refused: " + refused.why() + "; " + mend);
    }

    /// One that asks for events of the instance alone needs no group.
    private static void fed(ParsedSection<SinkConfig> sink, Set<String> named) {
        var patterns = sink.value().events();
        var wantsMail = patterns.isEmpty() || patterns.stream().anyMatch(EventTypeCatalog::matchesAnyOfMailbox);
        var name = sink.value().name().value();
        if (wantsMail && !named.contains(name)) {
            sink.section()
                    .risk(
                            sink.section().mark(),
                            "no group forwards to sink '" + name + "', so it gets only events of the instance, such as"
                                    + " dev.tidemark.sink.failing; name it in a forward-to");
        }
    }
}
