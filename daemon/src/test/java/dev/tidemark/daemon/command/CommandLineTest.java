package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.config.ConfigFileTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
    private static final Map<String, String> VARIABLES =
            Map.of("EWS_PASSWORD", "pw", "CRM_SECRET", ConfigFileTest.SECRET, "TIDEMARK_ADMIN", "http://127.0.0.1:1");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private int run(String... arguments) {
        return execute(TidemarkMain.commandLine(environment()), arguments);
    }

    private static CommandEnvironment environment() {
        var clock = Clock.fixed(Instant.parse("2026-11-01T09:00:00Z"), ZoneOffset.UTC);
        return new CommandEnvironment(clock, name -> Optional.ofNullable(VARIABLES.get(name)));
    }

    private int execute(CommandLine commands, String... arguments) {
        commands.setOut(new PrintWriter(out));
        commands.setErr(new PrintWriter(err));
        return commands.execute(arguments);
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("t.yaml"), text).toString();
    }

    @Test
    void five_faults_are_five_lines_and_exit_3_for_check_and_run_alike() throws IOException {
        var file = file(ConfigFileTest.SOUND
                .replace("public-url:", "pubic-url:")
                .replace("retention: 3d", "retention: 3 days")
                .replace("[ crm ]", "[ crn ]")
                .replace("${env:CRM_SECRET}", "${env:NOT_SET}")
                .replace("connection: onprem", "connection: onprem\n    status-frequency: 90s"));

        for (var command : new String[] {"check", "run"}) {
            err.getBuffer().setLength(0);
            assertThat(run(command, "--config", file)).isEqualTo(3);
            assertThat(err.toString().lines())
                    .hasSize(5)
                    .allMatch(line -> line.startsWith(file + ":"))
                    .allMatch(line -> line.substring(file.length()).matches(":\\d+:\\d+: .+[,;] .+"));
            assertThat(out.toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"not an address", "127.0.0.1:8781", "ftp://127.0.0.1/", "http://"})
    void an_address_of_the_admin_api_that_is_none_is_a_usage_error(String address) {
        var clock = Clock.fixed(Instant.parse("2026-11-01T09:00:00Z"), ZoneOffset.UTC);
        var environment = new CommandEnvironment(
                clock, name -> Optional.of(address).filter(ignored -> name.equals("TIDEMARK_ADMIN")));
        assertThat(execute(TidemarkMain.commandLine(environment), "status")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("tidemark: '" + address + "' is not the address of an admin API; write it like http://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--confg x", "stray", "--config", "--config missing.yaml"})
    void run_alone_says_what_it_says_among_all_commands(String arguments) {
        var code = run(("run " + arguments).split(" "));
        var said = out.toString() + err;
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);

        assertThat(execute(TidemarkMain.runCommandLine(environment()), arguments.split(" ")))
                .isEqualTo(code);
        assertThat(out.toString() + err).isEqualTo(said).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing.yaml", "a folder/missing.yaml"})
    void a_plain_run_says_what_the_command_line_says(String file) {
        var code = run("run", "--config", file);
        var said = out.toString() + err;
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);

        var config = ForegroundRun.plainConfig("run", "--config", file).orElseThrow();
        var printer = new PrintWriter(err, true);
        var run = new ForegroundRun(environment(), new PrintWriter(out, true), printer);
        assertThat(TidemarkMain.run(run, config, printer)).isEqualTo(code);
        assertThat(out.toString() + err).isEqualTo(said).isNotEmpty();
    }

    @Test
    void only_plain_arguments_do_without_the_command_line() {
        assertThat(ForegroundRun.plainConfig("run")).contains(Path.of("conf/tidemark.yaml"));
        assertThat(ForegroundRun.plainConfig("run", "--config", "x.yaml")).contains(Path.of("x.yaml"));
        assertThat(List.of(
                        ForegroundRun.plainConfig(),
                        ForegroundRun.plainConfig("check"),
                        ForegroundRun.plainConfig("run", "--help"),
                        ForegroundRun.plainConfig("run", "--config"),
                        ForegroundRun.plainConfig("run", "--config=x.yaml"),
                        ForegroundRun.plainConfig("run", "--config", "--help"),
                        ForegroundRun.plainConfig("run", "--config", "@x"),
                        ForegroundRun.plainConfig("run", "--config", ""),
                        ForegroundRun.plainConfig("run", "--config", "x", "y")))
                .allMatch(Optional::isEmpty);
    }

    @Test
    void a_warm_up_starts_and_stops_a_daemon_and_leaves_no_files() throws IOException {
        var before = temporaryFolders();
        assertThat(run("warm-up")).as(err::toString).isZero();
        assertThat(temporaryFolders()).isEqualTo(before);
        assertThat(err.toString()).isEmpty();
    }

    private static List<Path> temporaryFolders() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("tidemark-warm-up-"))
                    .toList();
        }
    }

    @Test
    void check_reports_as_json_too() throws IOException {
        assertThat(run("check", "--json", "--config", file(ConfigFileTest.SOUND.replace("3d", "3x"))))
                .isEqualTo(3);
        assertThat(out.toString()).contains("\"valid\":false", "\"line\":22", "\"column\":14");
    }

    @Test
    void a_sound_configuration_is_valid() throws IOException {
        assertThat(run("check", "--config", file(ConfigFileTest.SOUND))).isZero();
        assertThat(out.toString()).endsWith(": valid\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void warnings_are_counted_beside_valid() throws IOException {
        var warned = ConfigFileTest.SOUND.replace("https://crm", "http://crm");

        assertThat(run("check", "--config", file(warned))).isZero();
        assertThat(out.toString()).endsWith(": valid, with a warning\n");
    }

    @Test
    void config_prints_what_holds_without_secrets() throws IOException {
        assertThat(run("config", "--config", file(ConfigFileTest.SOUND))).isZero();
        assertThat(out.toString())
                .contains("max-body: 1MiB", "secret: redacted")
                .doesNotContain("whsec_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "frobnicate", "run --nonsense", "mailboxes show"})
    void what_is_typed_wrongly_is_a_usage_error(String command) {
        assertThat(run(command.isEmpty() ? new String[0] : command.split(" "))).isEqualTo(2);
        assertThat(err.toString()).isNotEmpty().doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"frobnicate", "check frobnicate", "mailboxes frobnicate"})
    void a_stray_word_is_named_with_the_command_that_does_not_know_it(String command) {
        assertThat(run(command.split(" "))).isEqualTo(2);
        var stray = command.lastIndexOf("frobnicate");
        assertThat(err.toString())
                .startsWith("tidemark: '" + ("tidemark " + command.substring(0, stray)).strip()
                        + "' has no argument 'frobnicate'.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "mailboxes list", "sinks test crm", "events tail", "dead-letters list"})
    void without_a_daemon_the_admin_api_is_unreachable(String command) {
        assertThat(run(command.split(" "))).isEqualTo(4);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("http://127.0.0.1:1", "tidemark run", "--admin");
    }

    @Test
    void a_port_that_is_taken_ends_run_with_a_sentence() throws IOException {
        try (var taken = new ServerSocket(0)) {
            var file = file(ConfigFileTest.SOUND + "admin: { bind: '127.0.0.1:" + taken.getLocalPort() + "' }\n");

            assertThat(run("run", "--config", file)).isEqualTo(4);
            assertThat(err.toString().lines()).singleElement().asString().contains("admin.bind");
        }
    }

    @Test
    void version_and_help_are_there() {
        assertThat(run("version")).isZero();
        assertThat(out.toString()).matches("(?s)tidemark \\d+\\.\\d+\\.\\d+.*");
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("mailboxes", "dead-letters");
    }
}
