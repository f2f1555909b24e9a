package dev.tidemark.daemon;

import dev.tidemark.compensator.CompensatorConfig;
import dev.tidemark.compensator.CompensatorConfig.Retention;
import dev.tidemark.daemon.config.AutodiscoverConfigSection;
import dev.tidemark.daemon.config.ConfigConsistencyChecker;
import dev.tidemark.daemon.config.ConfigDiagnostic;
import dev.tidemark.daemon.config.ConfigException;
import dev.tidemark.daemon.config.ConnectionConfigSection;
import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.ews.AutodiscoverClient;
import dev.tidemark.ews.AutodiscoverConfig;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.ews.HttpEwsClient;
import dev.tidemark.ews.message.SkipReporter;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.listener.CallbackTokenCodec;
import dev.tidemark.listener.ListenerConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.InstanceRecord;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.subscriber.CallbackUrlFactory;
import dev.tidemark.subscriber.SubscriberConfig;
import dev.tidemark.subscriber.connection.AutodiscoverEwsClient;
import dev.tidemark.subscriber.connection.MailboxLocator;
import dev.tidemark.subscriber.resync.GroupSubscriptionConfig;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The configuration in each module's own words.
record ModuleConfigMapper(TidemarkConfig config) {
    /// How long a client of the listener may take for a head or a body.
    private static final Duration CALLBACK_IDLE = Duration.ofSeconds(30);

    /// A stop takes 25 seconds at most; sinks may use them all but the last, which is for the store.
    private static final Duration SINKS_DRAIN = Duration.ofSeconds(22);

    /// A mailbox that was given up is looked at again: rights come back without anybody telling.
    private static final Duration FAILED_RECHECK = Duration.ofHours(6);

    /// The name in events is fixed when a store is made.
    ///
    /// @throws ConfigException if configuration calls this store's deployment otherwise
    void requireName(InstanceRecord instance) {
        var wanted = config.store().instance();
        config.instanceAt().filter(mark -> !wanted.equals(instance.name())).ifPresent(mark -> {
            throw new ConfigException(List.of(ConfigDiagnostic.mistake(
                    mark,
                    "instance: the store was made for '" + instance.name() + "', not for '" + wanted
                            + "'; write the first, or name another store.url")));
        });
    }

    CallbackTokenCodec tokens(InstanceRecord instance) {
        var key = config.listener().tokenKey().orElse(instance.tokenKey());
        var decoder = Base64.getDecoder();
        return new CallbackTokenCodec(
                decoder.decode(key),
                config.listener().previousTokenKeys().stream()
                        .map(decoder::decode)
                        .toList());
    }

    ListenerConfig listener() {
        var settings = config.listener();
        return new ListenerConfig(
                settings.bind().host(),
                settings.bind().port(),
                ConfigConsistencyChecker.path(settings.publicUrl()),
                settings.allowFrom(),
                settings.trustedProxies(),
                settings.healthPath(),
                Math.toIntExact(settings.maxBody()),
                settings.workers(),
                settings.queue(),
                settings.drain(),
                CALLBACK_IDLE,
                settings.tls().map(tls -> new ListenerConfig.Tls(tls.certificate(), tls.privateKey())));
    }

    ForwarderConfig forwarder() {
        return new ForwarderConfig(
                config.sinks(),
                config.groups().stream().collect(Collectors.toMap(GroupConfigSection::name, ModuleConfigMapper::route)),
                config.egress(),
                SINKS_DRAIN);
    }

    /// Groups whose events tell of their items.
    Set<String> detailedGroups() {
        return config.groups().stream()
                .filter(GroupConfigSection::detailed)
                .map(GroupConfigSection::name)
                .collect(Collectors.toSet());
    }

    /// Tells a group's connection.
    UnaryOperator<String> connectionOfGroup() {
        var connections = config.groups().stream()
                .collect(Collectors.toMap(GroupConfigSection::name, GroupConfigSection::connection));
        return group -> connections.getOrDefault(group, group);
    }

    private static Set<SinkName> route(GroupConfigSection group) {
        return group.forwardTo().stream().map(SinkName::new).collect(Collectors.toSet());
    }

    /// Returns the client of a connection: for its one address, or for the addresses that autodiscover returns.
    ///
    /// @param skips receives the parts of responses that are passed over
    EwsClient client(String connection, WatermarkStore store, DaemonClocks clocks, SkipReporter skips) {
        var clock = clocks.system();
        var settings = Objects.requireNonNull(config.connections().get(connection), connection);
        // the same clock as for times in the store
        var exchangeClock = new ExchangeClock(clocks.own());
        return settings.autodiscover()
                .<EwsClient>map(found -> new AutodiscoverEwsClient(
                        new MailboxLocator(
                                discovery(connection, found),
                                autodiscover(settings, found, clock, skips),
                                store,
                                clocks.own()),
                        url -> HttpEwsClient.connect(settings.client().at(url), clock, skips, exchangeClock),
                        exchangeClock))
                .orElseGet(() -> HttpEwsClient.connect(settings.client(), clock, skips, exchangeClock));
    }

    private static AutodiscoverClient autodiscover(
            ConnectionConfigSection connection, AutodiscoverConfigSection settings, Clock clock, SkipReporter skips) {
        return new AutodiscoverClient(
                new AutodiscoverConfig(connection.client(), settings.allowedHosts(), settings.allowHttp()),
                service -> HttpEwsClient.connect(service, clock, skips));
    }

    private MailboxLocator.Settings discovery(String connection, AutodiscoverConfigSection settings) {
        var groups = config.groups().stream()
                .filter(group -> group.connection().equals(connection))
                .map(GroupConfigSection::name)
                .collect(Collectors.toSet());
        return new MailboxLocator.Settings(connection, groups, settings.refresh(), settings.batch());
    }

    /// @param port where the listener listens
    SubscriberConfig subscriber(int port) {
        return new SubscriberConfig(
                config.groups().stream().map(group -> plan(group, port)).toList(),
                config.connections().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().limits())),
                config.compensator().watermarkLifetime(),
                config.compensator().resyncMargin(),
                config.retention().delivered());
    }

    private GroupSubscriptionConfig plan(GroupConfigSection group, int port) {
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
        var own = Optional.ofNullable(config.connections().get(group.connection()))
                .flatMap(ConnectionConfigSection::publicUrl);
        return withPort(own.orElse(config.listener().publicUrl()), port);
    }

    /// Port 0 stands for the one that the system chose.
    static URI withPort(URI url, int port) {
        return url.getPort() == 0 ? URI.create(url.toString().replaceFirst(":0(?=/|$)", ":" + port)) : url;
    }

    CallbackUrlFactory urls(CallbackTokenCodec tokens, int port) {
        var bases = config.groups().stream()
                .collect(Collectors.toMap(GroupConfigSection::name, group -> base(publicUrl(group, port))));
        return (attempt, group) -> URI.create(bases.get(group) + tokens.mint(attempt));
    }

    private static String base(URI publicUrl) {
        return publicUrl.toString().replaceAll("/+$", "") + "/ews/notifications/";
    }

    CompensatorConfig compensator() {
        var settings = config.compensator();
        var retention = config.retention();
        return new CompensatorConfig(
                settings.silenceFactor(),
                settings.grace(),
                settings.silenceAfter(),
                settings.firstCallback(),
                settings.sweepInterval(),
                settings.watermarkLifetime(),
                settings.rate(),
                FAILED_RECHECK,
                settings.cohort(),
                new Retention(retention.delivered(), retention.undelivered(), retention.deadLetters()),
                settings.fallback());
    }
}
