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

/// Warns about sinks that cannot receive events.
record SinkConfigChecker(
        List<ParsedSection<GroupConfigSection>> groups,
        Collection<ParsedSection<SinkConfig>> sinks,
        EgressConfig egress) {
    void check() {
        var named = groups.stream()
                .flatMap(group -> group.value().forwardTo().stream())
                .collect(Collectors.toSet());
        var known = sinks.stream().map(sink -> sink.value().name().value()).collect(Collectors.toSet());
        sinks.forEach(this::checkReachable);
        // an unknown name is a fault already, and may mean any of these sinks
        if (known.containsAll(named)) {
            sinks.forEach(sink -> checkFed(sink, named));
        }
    }

    /// Checks the address against the egress policy, without DNS.
    private void checkReachable(ParsedSection<SinkConfig> sink) {
        if (sink.value().target() instanceof WebhookConfig webhook) {
            EgressPolicy.refusal(egress, WebHost.hostIn(webhook.url()).orElse(""))
                    .ifPresentOrElse(refused -> warn(sink, refused), () -> checkEncrypted(sink, webhook));
        }
    }

    private static void checkEncrypted(ParsedSection<SinkConfig> sink, WebhookConfig webhook) {
        if (ConnectionsReader.isOpenHttp(webhook.url())) {
            sink.section()
                    .addWarning(
                            sink.section().mark("url"),
                            sink.section().dotted("url")
                                    + " sends events in the clear; write https:// if the network is not trusted");
        }
    }

    private static void warn(ParsedSection<SinkConfig> sink, AddressRefused refused) {
        var remedy =
                refused.allow().map(line -> "add " + line + " to egress.allow").orElse("set a different address");
        sink.section()
                .addWarning(
                        sink.section().mark("url"),
                        "sink '" + sink.value().name() + "' will be refused: " + refused.why() + "; " + remedy);
    }

    /// Warns about a sink without a group. A sink for instance events only needs none.
    private static void checkFed(ParsedSection<SinkConfig> sink, Set<String> named) {
        var patterns = sink.value().events();
        var wantsMail = patterns.isEmpty() || patterns.stream().anyMatch(EventTypeCatalog::matchesAnyOfMailbox);
        var name = sink.value().name().value();
        if (wantsMail && !named.contains(name)) {
            sink.section()
                    .addWarning(
                            sink.section().mark(),
                            "no group forwards to sink '" + name + "', so it gets only events of the instance, such as"
                                    + " dev.tidemark.sink.failing; name it in a forward-to");
        }
    }
}
