package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreConfig.NodeConfig;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/// Connects to the database of a store, with settings that bound every wait. Settings in `store.url` take
/// precedence. Thread-safe.
final class PostgresConnector {
    private static final String SCHEMA = "currentSchema";
    private static final String OPTIONS = "options";

    /// acknowledged commits are durable, a frozen process holds no locks, and a lost machine releases the store
    private static final String SESSION_SETTINGS =
            "-c synchronous_commit=on -c lock_timeout=5s -c idle_in_transaction_session_timeout=10s"
                    + " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
                    + " -c tcp_user_timeout=25s";

    private static final Map<String, String> DEFAULTS = Map.of(
            SCHEMA,
            "tidemark",
            OPTIONS,
            SESSION_SETTINGS,
            "targetServerType",
            "primary",
            "connectTimeout",
            "5",
            // a frozen server or a broken network fails a commit after it
            "socketTimeout",
            "15",
            "tcpKeepAlive",
            "true");

    private final String url;
    private final String schema;
    private final String process;
    private final Optional<NodeConfig> node;
    private final Properties user = new Properties();

    PostgresConnector(StoreConfig config) {
        this.node = config.node();
        this.process = processName(config);
        var settings = settings(config);
        this.schema = settings.getOrDefault(SCHEMA, "");
        this.url = config.url().replaceFirst("\\?.*", "") + "?"
                + settings.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                        .collect(Collectors.joining("&"));
        if (!config.username().isEmpty()) {
            user.setProperty("user", config.username());
            user.setProperty("password", config.password());
        }
    }

    private static String processName(StoreConfig config) {
        return "tidemark " + config.instance();
    }

    private static Map<String, String> settings(StoreConfig config) {
        var settings = new LinkedHashMap<>(DEFAULTS);
        settings.put(
                "ApplicationName",
                processName(config)
                        + config.node().map(node -> " " + node.name()).orElse(""));
        var given = config.url().indexOf('?');
        if (given >= 0) {
            for (var setting : config.url().substring(given + 1).split("&", -1)) {
                var name = setting.replaceFirst("=.*", "");
                settings.put(name, decoded(setting.substring(Math.min(setting.length(), name.length() + 1))));
            }
        }
        settings.computeIfPresent(OPTIONS, (name, options) -> sessionOptions(options));
        return settings;
    }

    /// Adds ours to the options of the URL; the last one of each setting counts.
    private static String sessionOptions(String given) {
        return given.equals(SESSION_SETTINGS) ? given : given + " " + SESSION_SETTINGS;
    }

    /// Returns the URL for another schema of the same database.
    static String inSchema(String url, String schema) {
        var without = url.replaceFirst("([?&])" + SCHEMA + "=[^&]*&?", "$1").replaceFirst("[?&]$", "");
        return without + (without.contains("?") ? "&" : "?") + SCHEMA + "=" + encoded(schema);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decoded(String value) {
        return URLDecoder.decode(value, StandardCharsets.UTF_8);
    }

    /// Returns the JDBC URL with all settings, without user and password of the configuration.
    String url() {
        return url;
    }

    /// Returns the URL for statements that may take long, such as an upgrade of the tables.
    String patientUrl() {
        return url + "&socketTimeout=0";
    }

    /// Returns the lock of the schema.
    StoreLock lock() {
        return new StoreLock(schema, process);
    }

    /// Returns this process among several; empty if it uses the store alone.
    Optional<NodeConfig> node() {
        return node;
    }

    String schema() {
        return schema;
    }

    /// Returns user and password as properties of the driver; empty if the URL has them.
    Properties user() {
        return user;
    }

    /// @throws SQLException if the server is unreachable or refuses the user
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user);
    }

    /// Connects for statements that fail unless the server responds within `limit`.
    ///
    /// @throws SQLException if the server is unreachable or refuses the user
    Connection connect(Duration limit) throws SQLException {
        return DriverManager.getConnection(url + "&socketTimeout=" + Math.max(1, limit.toSeconds()), user);
    }
}
