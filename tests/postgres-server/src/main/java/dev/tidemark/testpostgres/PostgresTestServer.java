package dev.tidemark.testpostgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// PostgreSQL server of a test, which forces its commits as a real one does. Each store gets a schema of its own.
/// Thread-safe, except for [#kill] and [#restart].
public final class PostgresTestServer implements AutoCloseable {
    /// Names a running server instead: a JDBC URL with user and password, for example
    /// `jdbc:postgresql://localhost/test?user=test&password=test`.
    public static final String VARIABLE = "TIDEMARK_TEST_POSTGRES";

    private static final String LOCK_FILE = "epg-lock";
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final AtomicInteger STORES = new AtomicInteger();

    private final Path folder;
    private Optional<EmbeddedPostgres> server;
    private final int port;

    private PostgresTestServer(Path folder, String forces) throws IOException {
        this.folder = folder;
        var started = builder(folder, 0, forces).start();
        this.server = Optional.of(started);
        this.port = started.getPort();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "postgres-close"));
    }

    /// The server that all tests of this JVM share.
    private static final class Shared {
        private static final String URL =
                Optional.ofNullable(System.getenv(VARIABLE)).orElseGet(Shared::startOwn);

        private static String startOwn() {
            try {
                return url(builder(Files.createTempDirectory("tidemark-postgres"), 0, "on")
                        .setRegisterShutdownHook(true)
                        .start()
                        .getPort());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static EmbeddedPostgres.Builder builder(Path folder, int port, String forces) {
        return EmbeddedPostgres.builder()
                .setRegisterShutdownHook(false)
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(START)
                .setServerConfig("fsync", forces)
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "100")
                .setServerConfig("timezone", "Asia/Kathmandu");
    }

    private static String url(int port) {
        return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres&password=postgres";
    }

    /// Returns the URL of the shared server, with user and password, for a schema that does not exist yet.
    public static String newStore() {
        return inNewSchema(Shared.URL);
    }

    private static String inNewSchema(String url) {
        return url + "&currentSchema=store_" + ProcessHandle.current().pid() + "_" + STORES.incrementAndGet();
    }

    /// Starts a server that belongs to one test.
    ///
    /// @param folder empty folder for its files
    public static PostgresTestServer startIn(Path folder) {
        return start(folder, "on");
    }

    /// Starts a server that does not force its commits, which is its operator's mistake.
    public static PostgresTestServer startCarelessIn(Path folder) {
        return start(folder, "off");
    }

    private static PostgresTestServer start(Path folder, String forces) {
        try {
            return new PostgresTestServer(folder, forces);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the URL of this server, with user and password, for a schema that does not exist yet.
    public String store() {
        return inNewSchema(url(port));
    }

    /// Returns the URL as [#store] does, of a store whose tables are in this folder.
    ///
    /// @param tables empty folder; used for one store of this server
    public String storeIn(Path tables) {
        execute("CREATE TABLESPACE store LOCATION '" + tables + "'");
        return store() + "&options=-c%20default_tablespace=store";
    }

    public int port() {
        return port;
    }

    /// Returns the processor time that the server's living processes have used.
    public Duration processorTime() {
        try {
            var process = process();
            return Stream.concat(Stream.of(process), process.descendants())
                    .flatMap(each -> each.info().totalCpuDuration().stream())
                    .reduce(Duration.ZERO, Duration::plus);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns a file of the server's data directory.
    Path file(String name) {
        return folder.resolve("data").resolve(name);
    }

    /// Starts a standby with the current data of this server, which restarts for it. The standby accepts queries, and
    /// receives no further commits.
    ///
    /// @param other empty folder for its files
    public PostgresTestServer standbyIn(Path other) {
        close();
        try {
            copy(folder.resolve("data"), other.resolve("data"));
            Files.createFile(other.resolve("data/standby.signal"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        restart();
        return startIn(other);
    }

    /// Starts a standby of this server, which restarts for it. From then on, this server confirms a commit only after
    /// the standby has forced it.
    ///
    /// @param other folder for its files, which is empty or does not exist
    public PostgresTestServer synchronousStandbyIn(Path other) {
        close();
        try {
            Files.createDirectories(other);
            copy(folder.resolve("data"), other.resolve("data"));
            Files.createFile(other.resolve("data/standby.signal"));
            configure(other, "primary_conninfo = 'host=localhost port=" + port + " user=postgres'");
            configure(other, "wal_retrieve_retry_interval = 200");
            configure(folder, "synchronous_standby_names = '*'");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        restart();
        var standby = startIn(other);
        awaitRow("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'");
        return standby;
    }

    private static void configure(Path folder, String line) throws IOException {
        Files.writeString(folder.resolve("data/postgresql.auto.conf"), line + "\n", StandardOpenOption.APPEND);
    }

    /// Waits until a query on this server returns a row.
    public void awaitRow(String query) {
        while (!hasRow(query)) {
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private boolean hasRow(String query) {
        try (var connection = server.orElseThrow().getPostgresDatabase().getConnection();
                var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            return result.next();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Runs statements in the schema of a store of this server, as an operator would.
    public void executeIn(String store, String... statements) {
        var schema = store.replaceFirst(".*[?&]currentSchema=", "").replaceFirst("&.*", "");
        execute(Stream.concat(Stream.of("SET search_path = " + schema), Stream.of(statements))
                .toArray(String[]::new));
    }

    void execute(String... statements) {
        try (var connection = server.orElseThrow().getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Makes this standby the primary.
    public void promote() {
        awaitRow("SELECT 1 WHERE pg_promote()");
    }

    /// Returns a URL of [#store] that also names another server, which the driver uses while it is the primary.
    public String withStandby(String store, PostgresTestServer standby) {
        return store.replace("localhost:" + port, "localhost:" + port + ",localhost:" + standby.port);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private ProcessHandle process() throws IOException {
        var pid = Files.readAllLines(folder.resolve("data/postmaster.pid"))
                .getFirst()
                .strip();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static void signal(String name, Stream<ProcessHandle> processes) {
        var command = new ArrayList<>(List.of("kill", "-" + name));
        processes.map(process -> Long.toString(process.pid())).forEach(command::add);
        try {
            new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Freezes the server: it keeps its connections and sends no response.
    public void freeze() {
        signalAll("STOP");
    }

    /// Lets the server continue after [#freeze].
    public void thaw() {
        signalAll("CONT");
    }

    private void signalAll(String name) {
        try {
            var process = process();
            // first the one that starts the others
            signal(name, Stream.concat(Stream.of(process), process.descendants()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends the server at once, like a crash: it writes nothing more, and recovers when it starts again.
    public void kill() {
        try {
            var process = process();
            signal("QUIT", Stream.of(process));
            // its exit handler polls processes of others at intervals of 300 ms and more
            while (process.isAlive()) {
                LockSupport.parkNanos(POLL.toNanos());
            }
            abandon();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Abandons a server that has ended. Closing it would log that it cannot be stopped. It keeps the lock of a file
    /// in the data directory, so the next server needs a new file.
    private void abandon() throws IOException {
        server = Optional.empty();
        Files.deleteIfExists(file(LOCK_FILE));
    }

    /// Starts the server again at the same port, after [#kill].
    public void restart() {
        try {
            server = Optional.of(builder(folder, port, "on").start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.ifPresent(running -> {
            try {
                running.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        server = Optional.empty();
    }
}
