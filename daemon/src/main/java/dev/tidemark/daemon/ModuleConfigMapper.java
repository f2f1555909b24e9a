package dev.tidemark.daemon;

import dev.tidemark.daemon.admin.BuildVersion;
import dev.tidemark.daemon.config.AutodiscoverConfigSection;
import dev.tidemark.daemon.config.ConfigDiagnostic;
import dev.tidemark.daemon.config.ConfigException;
import dev.tidemark.daemon.config.ConnectionConfigSection;
import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.metrics.MonitoredModules.DaemonFacts;
import dev.tidemark.daemon.metrics.MonitoredModules.DaemonMeters;
import dev.tidemark.ews.AutodiscoverClient;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.ews.HttpEwsClient;
import dev.tidemark.ews.config.AutodiscoverConfig;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.message.ConnectingName.SidLookup;
import dev.tidemark.ews.message.SkipReporter;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.listener.CallbackTokenCodec;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.InstanceRecord;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.subscriber.CallbackUrlFactory;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.config.SubscriberConfig;
import dev.tidemark.subscriber.connection.AutodiscoverEwsClient;
import dev.tidemark.subscriber.connection.MailboxLocator;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Creates the settings and clients of the modules from the configuration. Used by [TidemarkDaemon] during the
/// start, and by [DaemonModules] during a reload.
record ModuleConfigMapper(TidemarkConfig config) {
    /// Limit for deliveries in flight at a stop. A stop takes at most 25 seconds; the rest is for the store.
    private static final Duration SINKS_DRAIN = Duration.ofSeconds(22);

    /// Checks the configured instance name. A store keeps the name that it was created with, because events
    /// carry it.
    ///
    /// @throws ConfigException if the configuration names a different instance
    void requireName(InstanceRecord instance) {
        var configured = config.store().instance();
        config.instanceAt().filter(mark -> !configured.equals(instance.name())).ifPresent(mark -> {
            throw new ConfigException(List.of(ConfigDiagnostic.ofFault(
                    mark,
                    "instance: the store was made for '" + instance.name() + "', not for '" + configured
                            + "'; write the first name, or set a different store.url")));
        });
    }

    CallbackTokenCodec tokenCodec(InstanceRecord instance) {
        var key = config.listener().tokenKey().orElse(instance.tokenKey());
        var decoder = Base64.getDecoder();
        return new CallbackTokenCodec(
                decoder.decode(key),
                config.listener().previousTokenKeys().stream()
                        .map(decoder::decode)
                        .toList());
    }

    ForwarderConfig forwarder() {
        return new ForwarderConfig(
                config.sinks(),
                config.groups().stream()
                        .collect(Collectors.toMap(GroupConfigSection::name, ModuleConfigMapper::sinkNames)),
                config.egress(),
                SINKS_DRAIN);
    }

    /// Returns the groups whose events contain details of their items.
    Set<String> detailedGroups() {
        return config.groups().stream()
                .filter(GroupConfigSection::detailed)
                .map(GroupConfigSection::name)
                .collect(Collectors.toSet());
    }

    /// Returns a function from a group's name to its connection.
    UnaryOperator<String> connectionOfGroup() {
        var connections = config.groups().stream()
                .collect(Collectors.toMap(GroupConfigSection::name, GroupConfigSection::connection));
        return group -> connections.getOrDefault(group, group);
    }

    private static Set<SinkName> sinkNames(GroupConfigSection group) {
        return group.forwardTo().stream().map(SinkName::new).collect(Collectors.toSet());
    }

    /// Returns the client of a connection, for its fixed address or for the addresses that autodiscover returns.
    ///
    /// @param meters meters of skipped parts and of requests
    EwsClient client(
            String connection,
            WatermarkStore store,
            DaemonClocks clocks,
            DaemonMeters meters,
            ExchangeClock exchangeClock,
            SidLookup sids) {
        var clock = clocks.system();
        var settings = Objects.requireNonNull(config.connections().get(connection), connection);
        var exchange = settings.client().withSids(sids);
        var skips = meters.skips();
        var observer = meters.requests().of(connection);
        return settings.autodiscover()
                .<EwsClient>map(found -> new AutodiscoverEwsClient(
                        new MailboxLocator(
                                locatorSettings(connection, found),
                                autodiscover(settings, found, clock, skips),
                                store,
                                clocks.own()),
                        url -> HttpEwsClient.connect(exchange.withUrl(url), clock, skips, exchangeClock, observer),
                        exchangeClock))
                .orElseGet(() -> HttpEwsClient.connect(exchange, clock, skips, exchangeClock, observer));
    }

    /// Returns the facts that metrics show.
    ///
    /// @param running returns the configuration in use, without mailboxes
    DaemonFacts facts(Supplier<TidemarkConfig> running) {
        var retention = config.compensator().retention();
        return new DaemonFacts(
                BuildVersion.current(),
                BuildVersion.revision(),
                config.store().minFree(),
                retention.undelivered(),
                config.compensator().watermarkLifetime(),
                () -> certificates(running.get()));
    }

    /// Returns the files of the certificates that Tidemark presents.
    private static Map<Path, Optional<String>> certificates(TidemarkConfig running) {
        var files = new LinkedHashMap<Path, Optional<String>>();
        Stream.of(running.listener().server().tls(), running.admin().tls())
                .flatMap(Optional::stream)
                .forEach(tls -> files.put(tls.certificate(), Optional.empty()));
        for (var connection : running.connections().values()) {
            connection.client().tls().clientCertificate().ifPresent(file -> files.put(file.path(), file.password()));
            if (connection.client().auth() instanceof Auth.OAuth2 oauth
                    && oauth.proof() instanceof ConnectionConfig.ClientProof.Certificate proof) {
                files.put(proof.file().path(), proof.file().password());
            }
        }
        return files;
    }

    private static AutodiscoverClient autodiscover(
            ConnectionConfigSection connection, AutodiscoverConfigSection settings, Clock clock, SkipReporter skips) {
        return new AutodiscoverClient(
                new AutodiscoverConfig(connection.client(), settings.allowedHosts(), settings.allowHttp()),
                service -> HttpEwsClient.connect(service, clock, skips));
    }

    private MailboxLocator.Settings locatorSettings(String connection, AutodiscoverConfigSection settings) {
        var groups = config.groups().stream()
                .filter(group -> group.connection().equals(connection))
                .map(GroupConfigSection::name)
                .collect(Collectors.toSet());
        return new MailboxLocator.Settings(connection, groups, settings.refresh(), settings.batch());
    }

    /// @param port port of the listener
    SubscriberConfig subscriber(int port) {
        return new SubscriberConfig(
                config.groups().stream()
                        .map(group -> subscriptionConfig(group, port))
                        .toList(),
                config.connections().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().limits())),
                config.compensator().watermarkLifetime(),
                config.store().resyncMargin(),
                config.compensator().retention().delivered());
    }

    private GroupSubscriptionConfig subscriptionConfig(GroupConfigSection group, int port) {
        return new GroupSubscriptionConfig(
                group.name(),
                group.connection(),
                group.folders(),
                new LinkedHashSet<>(group.events()),
                group.statusFrequency(),
                publicUrl(group, port),
                group.snapshot());
    }

    private URI publicUrl(GroupConfigSection group, int port) {
        var override = Optional.ofNullable(config.connections().get(group.connection()))
                .flatMap(ConnectionConfigSection::publicUrl);
        return withPort(override.orElse(config.listener().publicUrl()), port);
    }

    /// Replaces port 0 by the port that the system chose.
    static URI withPort(URI url, int port) {
        return url.getPort() == 0 ? URI.create(url.toString().replaceFirst(":0(?=/|$)", ":" + port)) : url;
    }

    CallbackUrlFactory callbackUrls(CallbackTokenCodec tokens, int port) {
        var bases = config.groups().stream()
                .collect(Collectors.toMap(GroupConfigSection::name, group -> callbackBase(publicUrl(group, port))));
        // a group that a reload has just renamed or removed may still subscribe
        var base = callbackBase(withPort(config.listener().publicUrl(), port));
        return (attempt, group) -> URI.create(bases.getOrDefault(group, base) + tokens.mint(attempt));
    }

    private static String callbackBase(URI publicUrl) {
        return publicUrl.toString().replaceAll("/+$", "") + "/ews/notifications/";
    }
}
