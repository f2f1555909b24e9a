package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Daemon with a real store on free ports, and requests to its admin API. Exchange and the webhook are unreachable.
@TestInstance(Lifecycle.PER_CLASS)
abstract class AdminApiFixture {
    final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private TidemarkDaemon daemon;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        daemon = TidemarkDaemon.start(config(TestDaemonConfig.TEXT), Clock.systemUTC());
    }

    @AfterAll
    void stop() {
        daemon.close();
        // the client counts streams that were left as requests in progress
        http.shutdownNow();
        http.close();
    }

    private TidemarkConfig config(String text) throws IOException {
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        return TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET));
    }

    final HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(daemon.adminAddress() + path))
                .header("Authorization", "Bearer " + TestDaemonConfig.token(folder));
    }

    final HttpResponse<String> call(String method, String path, String... headers) {
        var request = request(path).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    final HttpResponse<String> send(String path, String body) {
        var request = request(path).POST(BodyPublishers.ofString(body)).build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    final Map<String, Object> get(String path) {
        var answer = call("GET", path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return YamlJsonCodec.fromJson(answer.body());
    }

    final HttpResponse<String> problem(String method, String path, int status) {
        var answer = call(method, path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"status\":" + status, "\"detail\":");
        return answer;
    }

    static List<String> items(Map<String, Object> page) {
        return ((List<?>) page.get("items")).stream().map(String::valueOf).toList();
    }

    final CommandEnvironment environment() {
        return new CommandEnvironment(
                Clock.systemUTC(),
                name -> Optional.of(name)
                        .filter("TIDEMARK_TOKEN"::equals)
                        .map(ignored -> TestDaemonConfig.token(folder)));
    }

    final String command(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        assertThat(execute(out, err, words)).as(err::toString).isZero();
        return out.toString();
    }

    /// Runs a command and returns its exit code.
    final int execute(StringWriter out, StringWriter err, String... words) {
        var commands = TidemarkMain.commandLine(environment());
        commands.setOut(new PrintWriter(out));
        commands.setErr(new PrintWriter(err));
        var all = Stream.concat(
                Stream.of(words), Stream.of("--admin", adminAddress().toString()));
        return commands.execute(all.toArray(String[]::new));
    }

    final URI adminAddress() {
        return daemon.adminAddress();
    }
}
