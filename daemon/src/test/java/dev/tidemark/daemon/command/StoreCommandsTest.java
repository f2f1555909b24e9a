package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Runs the commands that copy and inspect stores, as an operator does.
final class StoreCommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path config;
    private Optional<String> admin = Optional.empty();

    @BeforeEach
    void writeConfiguration() throws IOException {
        config = configuration("t", "");
    }

    /// Writes a configuration with the store `name`.
    private Path configuration(String name, String more) throws IOException {
        var text = TestDaemonConfig.TEXT
                .replace("file:./t'", "file:./data/" + name + "'")
                .replace("1MiB }", "1MiB" + more + " }");
        return Files.writeString(folder.resolve(name + ".yaml"), text);
    }

    private Optional<String> variable(String name) {
        return switch (name) {
            case "TIDEMARK_ADMIN" -> admin;
            case "TIDEMARK_TOKEN" -> Optional.of(TestDaemonConfig.token(folder.resolve("data")));
            default -> Optional.of(ConfigFileTest.SECRET);
        };
    }

    private int run(Object... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var commands = TidemarkMain.commandLine(new CommandEnvironment(Clock.systemUTC(), this::variable));
        commands.setOut(new PrintWriter(out));
        commands.setErr(new PrintWriter(err));
        return commands.execute(List.of(arguments).stream().map(String::valueOf).toArray(String[]::new));
    }

    private TidemarkDaemon start(Path file) {
        return TidemarkDaemon.start(TidemarkConfig.read(file, this::variable), Clock.systemUTC());
    }

    private void useAdmin(TidemarkDaemon daemon) {
        admin = Optional.of(daemon.adminAddress().toString());
    }

    private void backUp(Path to) {
        try (var daemon = start(config)) {
            useAdmin(daemon);
            assertThat(run("backup", "--to", to)).as(err::toString).isZero();
        }
        assertThat(out.toString()).matches("backup in " + to + " is complete up to position j1-\\w+\\R");
    }

    @Test
    void a_backup_of_a_running_daemon_is_restored_to_another_store_once() throws IOException {
        var backup = folder.resolve("backups/monday");
        backUp(backup);
        assertThat(backup.resolve("backup.properties")).isRegularFile();
        var other = configuration("u", "");
        assertThat(run("restore", "--from", backup, "--config", other))
                .as(err::toString)
                .isZero();
        assertThat(out.toString()).startsWith("restored instance gw1; ");
        try (var daemon = start(other)) {
            useAdmin(daemon);
            assertThat(run("mailboxes", "list")).isZero();
            assertThat(out.toString()).contains("ada@example.com", "bob@example.com");
        }
        assertThat(run("restore", "--from", backup, "--config", other)).isEqualTo(ExitCodes.UNREACHABLE);
        assertThat(err.toString()).contains("is not empty; name another one, or move its files away.");
    }

    @Test
    void an_upgrade_logs_the_place_of_its_backup_below_the_configured_directory() throws IOException {
        start(config).close();
        Files.writeString(folder.resolve("data/t.store/format"), "7\n");
        var log = new ListAppender<ILoggingEvent>();
        var logger = (Logger) LoggerFactory.getLogger("dev.tidemark.store.embedded.StoreUpgrade");
        log.start();
        logger.addAppender(log);
        try (var daemon = start(configuration("t", ", backup-directory: ./backups"))) {
            assertThat(daemon.adminAddress()).isNotNull();
        } finally {
            logger.detachAppender(log);
        }
        var backup = folder.resolve("backups/t.backup-format-7");
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(
                        line -> line.contains("from format 7 to") && line.contains("backed it up to " + backup + ","));
        assertThat(run("restore", "--from", backup, "--config", configuration("u", "")))
                .as(err::toString)
                .isZero();
    }

    @Test
    void a_backup_goes_to_a_new_directory_below_the_configured_one_only() throws IOException {
        config = configuration("t", ", backup-directory: ./backups");
        try (var daemon = start(config)) {
            useAdmin(daemon);
            assertThat(run("backup", "--to", "monday")).isEqualTo(ExitCodes.USAGE);
            assertThat(err.toString()).contains("to must be an absolute path below " + folder.resolve("backups"));
            assertThat(run("backup", "--to", folder.resolve("backups/../x"))).isEqualTo(ExitCodes.USAGE);
            assertThat(err.toString()).contains("backups go below " + folder.resolve("backups") + " only");
            Files.createDirectories(folder.resolve("elsewhere"));
            Files.createDirectories(folder.resolve("backups"));
            Files.createSymbolicLink(folder.resolve("backups/link"), folder.resolve("elsewhere"));
            assertThat(run("backup", "--to", folder.resolve("backups/link/monday")))
                    .isEqualTo(ExitCodes.USAGE);
            assertThat(err.toString()).contains("is a link that leads out of " + folder.resolve("backups"));
            var used = Files.createDirectories(folder.resolve("backups/used"));
            Files.createFile(used.resolve("file"));
            assertThat(run("backup", "--to", used)).isEqualTo(ExitCodes.FAILED);
            assertThat(err.toString()).contains("is not empty; name one that does not exist yet.");
        }
        assertThat(run("backup", "--to", folder.resolve("backups/x"))).isEqualTo(ExitCodes.UNREACHABLE);
    }

    @Test
    void a_restore_refuses_what_is_no_backup_and_a_backup_of_another_instance() throws IOException {
        assertThat(run("restore", "--from", folder, "--config", config)).isEqualTo(ExitCodes.UNREACHABLE);
        assertThat(err.toString())
                .contains(folder + " holds no backup; name the directory that 'tidemark backup' made.");
        var backup = folder.resolve("backup");
        backUp(backup);
        var other = configuration("u", "");
        Files.writeString(other, Files.readString(other).replace("instance: gw1", "instance: gw2"));
        assertThat(run("restore", "--from", backup, "--config", other)).isEqualTo(ExitCodes.UNREACHABLE);
        assertThat(err.toString())
                .contains(
                        "The backup is of instance 'gw1', but the configuration says 'gw2'; use the configuration of");
        assertThat(folder.resolve("data/u.store")).doesNotExist();
    }

    @Test
    void a_migrated_store_has_the_same_rows() throws IOException {
        start(config).close();
        var other = configuration("u", "");
        assertThat(run("migrate", "--config", config, "--to-config", other))
                .as(err::toString)
                .isZero();
        assertThat(out.toString())
                .contains("both stores have the same counts and checksums:", "MailboxSaved 2", "InstanceSaved 1");
        assertThat(run("migrate", "--config", config, "--to-config", other)).isEqualTo(ExitCodes.UNREACHABLE);
        assertThat(run("migrate", "--config", config, "--to-config", config)).isEqualTo(ExitCodes.UNREACHABLE);
        assertThat(err.toString()).contains("Both configurations name the same store; set another store.url in ");
        start(other).close();
    }

    @Test
    void an_inspection_lists_the_files_and_finds_damage() throws IOException {
        assertThat(run("store", "inspect", "--config", config)).isEqualTo(ExitCodes.UNREACHABLE);
        assertThat(err.toString()).contains("There is no store at ");
        try (var daemon = start(config)) {
            useAdmin(daemon);
            assertThat(run("store", "inspect", "--config", config)).isZero();
            assertThat(out.toString()).contains("file", "firstPosition", "segment-", "j1-");
        }
        assertThat(run("store", "inspect", "--json", "--config", config)).isZero();
        var segments = AdminCommand.items(
                Map.of("items", YamlJsonCodec.fromJson(out.toString()).get("segments")));
        var whole = segments.stream()
                .filter(segment -> number(segment, "to") > number(segment, "from"))
                .findFirst()
                .orElseThrow();
        flipByte(folder.resolve("data/t.store").resolve(String.valueOf(whole.get("file"))), number(whole, "from") + 40);
        assertThat(run("store", "inspect", "--json", "--config", config)).isEqualTo(ExitCodes.FAILED);
        assertThat(out.toString()).contains("\"damagedAt\":");
    }

    private static long number(Map<String, Object> fields, String name) {
        return ((Number) fields.get(name)).longValue();
    }

    private static void flipByte(Path file, long offset) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 1)).flip();
            channel.write(one, offset);
        }
    }
}
