package dev.tidemark.daemon.config;

import dev.tidemark.daemon.config.ConnectionConfigSection.CanarySection;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.subscriber.config.WatchedFolders;
import dev.tidemark.values.ChangeKind;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Checks rules that concern several sections of the configuration. Called once per read, after all sections.
record ConfigConsistencyChecker(
        ConfigSectionReader root,
        Map<String, ParsedSection<ConnectionConfigSection>> connections,
        ParsedSection<TidemarkConfig.ListenerSection> listener,
        List<ParsedSection<GroupConfigSection>> groups,
        Map<String, ParsedSection<SinkConfig>> sinks) {
    private static final Set<String> ANY_ADDRESS = Set.of("0.0.0.0", "::");

    void check(EgressConfig egress, BindAddress admin) {
        var names = new HashMap<String, SourceLocation>();
        groups.forEach(group -> checkGroup(group, names));
        connections.values().forEach(this::checkPublicUrl);
        connections.forEach((name, connection) ->
                connection.value().canary().ifPresent(canary -> checkCanary(name, connection.section(), canary)));
        checkKerberos();
        checkPorts(admin);
        new SinkConfigChecker(groups, sinks.values(), egress).check();
        if (listener.value().server().tls().isPresent()
                && "http".equalsIgnoreCase(listener.value().publicUrl().getScheme())) {
            root.addWarning(
                    listener.section().mark("public-url"),
                    "listener.public-url is plain http although listener.tls is set; write"
                            + " https:// unless a proxy takes http in");
        }
    }

    /// Rejects one port for both servers, unless their addresses differ.
    private void checkPorts(BindAddress admin) {
        var server = listener.value().server();
        var sameAddress = server.host().equals(admin.host())
                || ANY_ADDRESS.contains(server.host())
                || ANY_ADDRESS.contains(admin.host());
        if (server.port() != 0 && server.port() == admin.port() && sameAddress) {
            root.addFault(
                    listener.section().mark("bind"),
                    "listener.bind and admin.bind have the same port " + admin.port() + "; set different ports");
        }
    }

    private void checkGroup(ParsedSection<GroupConfigSection> group, Map<String, SourceLocation> names) {
        var settings = group.value();
        var section = group.section();
        var first = names.putIfAbsent(settings.name(), section.mark("name"));
        if (first != null) {
            section.addFault(
                    section.mark("name"),
                    "a group named '" + settings.name() + "' is there already, at " + first + "; use unique names");
        }
        // an invalid name is a fault already
        section.find("connection", ValueConverter.NAME)
                .ifPresent(name -> requireKnown(section.mark("connection"), "connection", name, connections.keySet()));
        var named = new HashSet<String>();
        for (var sink : section.listWithLocations("forward-to", ValueConverter.NAME)) {
            requireKnown(sink.mark(), "sink", sink.value(), sinks.keySet());
            if (!named.add(sink.value())) {
                section.addWarning(
                        sink.mark(),
                        section.dotted("forward-to") + " names sink '" + sink.value() + "' twice, and it gets each"
                                + " event once; keep one of the two");
            }
        }
        checkFirstMailbox(group);
        if (settings.forwardTo().isEmpty() && !isOfCanary(settings)) {
            section.addWarning(
                    section.mark(),
                    "group '" + settings.name() + "' has no forward-to, so its events stay in the"
                            + " journal; name a sink");
        }
    }

    /// Requires a mailbox on a connection with autodiscover, because only a located mailbox tells a server to read the
    /// members of distribution groups from.
    private void checkFirstMailbox(ParsedSection<GroupConfigSection> group) {
        var settings = group.value();
        var connection = connections.get(settings.connection());
        if (connection == null
                || connection.value().autodiscover().isEmpty()
                || settings.mailboxesFrom().isEmpty()) {
            return;
        }
        var isNamed = groups.stream()
                .map(ParsedSection::value)
                .anyMatch(other -> other.connection().equals(settings.connection())
                        && !other.mailboxes().isEmpty());
        if (!isNamed) {
            group.section()
                    .addFault(
                            group.section().mark("mailboxes-from"),
                            "group '" + settings.name() + "' has only mailboxes-from, and autodiscover finds a server"
                                    + " by a mailbox; name one address of connection '" + settings.connection()
                                    + "' in mailboxes");
        }
    }

    private void requireKnown(SourceLocation mark, String what, String name, Collection<String> known) {
        if (!known.contains(name)) {
            root.reportMissing(
                    known.isEmpty() ? what + "s" : "",
                    mark,
                    "there is no " + what + " '" + name + "'; "
                            + NameSuggester.nearest(name, known)
                                    .map(nearest -> "the nearest name is " + nearest)
                                    .orElse("add it"));
        }
    }

    /// Requires a group of the connection that reports a message which is saved in the inbox of the canary's mailbox.
    private void checkCanary(String connection, ConfigSectionReader section, CanarySection canary) {
        var mark = section.section("canary").mark("mailbox");
        var group = groups.stream()
                .map(ParsedSection::value)
                .filter(each ->
                        each.connection().equals(connection) && each.mailboxes().contains(canary.mailbox()))
                .findFirst();
        if (canary.mailbox().equals(GroupsReader.PLACEHOLDER)) {
            // the missing mailbox is a fault already
            return;
        }
        if (group.isEmpty()) {
            section.addFault(
                    mark,
                    "no group of connection '" + connection + "' names the canary's mailbox " + canary.mailbox()
                            + "; add a group for it with events: [ Created ]");
        } else if (!group.get().events().contains(ChangeKind.CREATED) || !watchesInbox(group.get())) {
            section.addFault(
                    mark,
                    "group '" + group.get().name() + "' of the canary's mailbox must watch the inbox for Created;"
                            + " write folders: [ inbox ] and events: [ Created ] there");
        }
    }

    private static boolean watchesInbox(GroupConfigSection group) {
        return switch (group.folders()) {
            case WatchedFolders.All ignored -> true;
            case WatchedFolders.Some some -> some.folders().contains(new FolderRef.Distinguished("inbox"));
        };
    }

    /// A canary's group needs no sink.
    private boolean isOfCanary(GroupConfigSection group) {
        return connections.values().stream()
                .flatMap(connection -> connection.value().canary().stream())
                .anyMatch(canary -> group.mailboxes().contains(canary.mailbox()));
    }

    private void checkPublicUrl(ParsedSection<ConnectionConfigSection> connection) {
        var section = connection.section();
        var own = connection.value().publicUrl();
        own.filter(url -> !path(url).equals(path(listener.value().publicUrl())))
                .ifPresent(url -> section.addFault(
                        section.mark("public-url"),
                        section.dotted("public-url")
                                + " has a different path than listener.public-url; use the same path, the"
                                + " listener serves one"));
        var url = own.orElse(listener.value().publicUrl());
        if (ConnectionsReader.isOpenHttp(url) && !section.get("allow-http", ValueConverter.BOOLEAN, false)) {
            section.addWarning(
                    own.isPresent()
                            ? section.mark("public-url")
                            : listener.section().mark("public-url"),
                    "callbacks to " + url + " come in the clear; write https://, or set allow-http: true in "
                            + section.path());
        }
    }

    /// Requires one krb5.conf for all connections, because the JVM reads only one.
    private void checkKerberos() {
        var first = new HashMap<String, Path>();
        for (var connection : connections.values()) {
            if (connection.value().client().auth() instanceof Auth.Kerberos kerberos) {
                var file = kerberos.krb5Conf().orElse(Path.of(""));
                if (!first.computeIfAbsent("krb5-conf", ignored -> file).equals(file)) {
                    var section = connection.section();
                    section.addFault(
                            section.mark("auth"),
                            section.dotted("auth.krb5-conf")
                                    + " differs from another connection's; put all realms into one file");
                }
            }
        }
    }

    public static String path(URI url) {
        var path = url.getRawPath() == null ? "" : url.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
