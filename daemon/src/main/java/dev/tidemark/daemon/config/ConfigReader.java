package dev.tidemark.daemon.config;

import dev.tidemark.daemon.config.TidemarkConfig.AdminSection;
import dev.tidemark.daemon.config.TidemarkConfig.ClusterSection;
import dev.tidemark.daemon.inputs.ConfigInputRecorder;
import dev.tidemark.daemon.inputs.ConfigInputs.ConfigSource;
import dev.tidemark.daemon.logging.LogConfigSection;
import dev.tidemark.ews.config.TextFiles;
import dev.tidemark.ews.config.UnreadableTextException;
import dev.tidemark.forwarder.targets.EgressConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads a configuration file. Throws [ConfigException] with all faults.
final class ConfigReader {
    private static final Duration MIN_LEASE = Duration.ofSeconds(2);
    private static final Duration MAX_LEASE = Duration.ofMinutes(1);
    private static final int MAX_SINK_PARTITIONS = 64;

    private final ConfigDiagnosticCollector faults;
    private final Path folder;
    private final ConfigSectionReader root;
    private final ConfigInputRecorder inputs;

    private ConfigReader(
            ConfigDiagnosticCollector faults, Path folder, ConfigSectionReader root, ConfigInputRecorder inputs) {
        this.faults = faults;
        this.folder = folder;
        this.root = root;
        this.inputs = inputs;
    }

    static TidemarkConfig read(Path file, Function<String, Optional<String>> environment) {
        var reader = open(file, environment);
        var config = reader.config(new ConfigSource(file, environment));
        if (reader.faults.fatal()) {
            throw new ConfigException(reader.faults.all());
        }
        return config;
    }

    static AdminSection readAdmin(Path file, Function<String, Optional<String>> environment) {
        var reader = open(file, environment);
        return new AdminReader(reader.root.section("admin"), reader.folder)
                .read(new StoreReader(reader.root.section("store"), reader.folder).url(), Set.of());
    }

    private static ConfigReader open(Path file, Function<String, Optional<String>> environment) {
        var faults = new ConfigDiagnosticCollector();
        var folder = file.toAbsolutePath().normalize().resolveSibling("");
        var fields = YamlJsonCodec.readYaml(file.toString(), text(file), faults);
        if (fields.isEmpty()) {
            throw new ConfigException(faults.all());
        }
        var inputs = new ConfigInputRecorder();
        var reading = new ConfigValueParser(faults, new ValueInterpolator(folder, environment), inputs);
        return new ConfigReader(faults, folder, new ConfigSectionReader("", fields.get(), reading), inputs);
    }

    private static String text(Path file) {
        if (Files.isDirectory(file)) {
            throw unreadable(file, "this is a directory; name the configuration file in it with --config");
        }
        try {
            return TextFiles.read(file);
        } catch (NoSuchFileException absent) {
            throw unreadable(file, "the file is not there; name the configuration with --config");
        } catch (UnreadableTextException noText) {
            throw unreadable(new SourceLocation(file.toString(), noText.line(), 1), noText.sentence());
        } catch (IOException failed) {
            throw unreadable(file, "the file cannot be read; check its rights");
        }
    }

    private static ConfigException unreadable(Path file, String message) {
        return unreadable(new SourceLocation(file.toString(), 1, 1), message);
    }

    private static ConfigException unreadable(SourceLocation mark, String message) {
        return new ConfigException(List.of(ConfigDiagnostic.ofFault(mark, message)));
    }

    private TidemarkConfig config(ConfigSource source) {
        var configured = root.find("instance", ValueConverter.NAME);
        var instance = configured.orElseGet(ConfigReader::hostName);
        root.effective().put("instance", instance);
        var connections = new ConnectionsReader(root, folder).read();
        var listener = new ListenerReader(root, folder).read();
        var groupsReader = new GroupsReader(root, folder, connection -> impersonatesBySid(connections, connection));
        var groups = groupsReader.read();
        var sinks = new SinksReader(root, folder).read();
        var egress = egress(root.section("egress"));
        var storeReader = new StoreReader(root.section("store"), folder);
        var compensatorSection = root.section("compensator");
        var store = storeReader.read(instance);
        var repairs = new CompensatorReader(compensatorSection).read(storeReader.retention());
        var storeConfig = store.config().apply(repairs.resyncMargin());
        var groupNames = groups.stream().map(group -> group.value().name()).collect(Collectors.toSet());
        var admin = new AdminReader(root.section("admin"), folder).read(storeConfig.url(), groupNames);
        var cluster = cluster(root.section("cluster"), configured.isPresent(), storeConfig.url());
        var log = log(root.section("log"));
        var tracing = new TracingReader(root).read();
        new ConfigConsistencyChecker(root, connections, listener, groups, sinks).check(egress, admin.bind());
        new SilenceLimitChecker(compensatorSection, repairs.compensator(), groups).check();
        root.finish();
        return new TidemarkConfig(
                withSids(plain(connections), groupsReader),
                listener.value(),
                groups.stream().map(ParsedSection::value).toList(),
                sinks.values().stream().map(ParsedSection::value).toList(),
                egress,
                cluster.share(storeConfig),
                store.backupDirectory(),
                configured.map(name -> root.mark("instance")),
                repairs.compensator(),
                admin,
                cluster,
                log,
                tracing,
                root.effective(),
                inputs.inputs(source),
                faults.all());
    }

    private static LogConfigSection log(ConfigSectionReader log) {
        var format = log.get("format", ValueConverter.oneOf("text", "json"), "text");
        var level = log.get("level", ValueConverter.oneOf("error", "warn", "info", "debug", "trace"), "info");
        log.finish();
        return new LogConfigSection(format.equals("json"), level);
    }

    private static EgressConfig egress(ConfigSectionReader egress) {
        var publicOnly = egress.get("policy", ValueConverter.oneOf("standard", "public-only"), "standard")
                .equals("public-only");
        var result = new EgressConfig(
                publicOnly,
                egress.list("allow", NetworkAddressConverter.EGRESS, List.of()),
                egress.find("proxy", ConnectionsReader.PROXY));
        egress.warnOfPasswordIn("proxy", ConnectionsReader.PROXY_PASSWORD);
        egress.finish();
        return result;
    }

    private static <T> Map<String, T> plain(Map<String, ParsedSection<T>> sectioned) {
        var result = new LinkedHashMap<String, T>();
        sectioned.forEach((name, each) -> result.put(name, each.value()));
        return result;
    }

    private static boolean impersonatesBySid(
            Map<String, ParsedSection<ConnectionConfigSection>> connections, String name) {
        var connection = connections.get(name);
        return connection != null && connection.value().impersonatesBySid();
    }

    private static Map<String, ConnectionConfigSection> withSids(
            Map<String, ConnectionConfigSection> connections, GroupsReader groups) {
        connections.replaceAll((name, connection) -> connection.withSids(groups.sidsOf(name)));
        return connections;
    }

    /// @param isNamed true if the configuration has `instance`
    private static ClusterSection cluster(ConfigSectionReader cluster, boolean isNamed, String storeUrl) {
        var isEnabled = cluster.get("enabled", ValueConverter.BOOLEAN, false);
        var node = cluster.get("node", ValueConverter.NAME, hostName());
        var lease = cluster.get(
                "lease", ValueConverter.durationBetween(MIN_LEASE, MAX_LEASE), ClusterSection.DEFAULT_LEASE);
        var partitions = cluster.get("sink-partitions", ValueConverter.wholeNumber(1, MAX_SINK_PARTITIONS), 1);
        if (isEnabled && !storeUrl.startsWith(StoreReader.POSTGRESQL)) {
            cluster.addFault(
                    cluster.mark("enabled"),
                    "cluster.enabled needs a store on PostgreSQL; set store.url to jdbc:postgresql://host:5432/tidemark,"
                            + " or cluster.enabled to false");
        }
        if (isEnabled && !isNamed) {
            cluster.addFault(
                    cluster.mark("enabled"),
                    "cluster.enabled needs a configured instance, because each node has a different host name; set"
                            + " instance to the same name on all nodes");
        }
        cluster.finish();
        return new ClusterSection(isEnabled, node, lease, partitions);
    }

    private static String hostName() {
        try {
            var name = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
            return name.isEmpty() ? "tidemark" : name.substring(0, Math.min(64, name.length()));
        } catch (UnknownHostException nameless) {
            return "tidemark";
        }
    }
}
