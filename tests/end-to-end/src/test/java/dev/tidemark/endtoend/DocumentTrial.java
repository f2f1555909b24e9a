package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.endtoend.ShellScript.SimpleCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Runs commands of the documents in a folder laid out as the distribution, on free ports in place of the usual
/// ones. Programs that stay run until the end. Used by one test thread.
final class DocumentTrial implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Set<String> STAYING = Set.of("run", "simulate", "listen");
    private static final List<String> CONFIGS = List.of("simulated.yaml", "tidemark.yaml", "logback.xml");

    /// Output of a command that has ended.
    record Result(int exit, String text) {}

    private final Path folder;
    private final TidemarkUsage usage = new TidemarkUsage();
    private final Map<String, String> ports = new LinkedHashMap<>();
    private final Map<String, ProcessOutput> outputs = new LinkedHashMap<>();
    private final List<Process> staying = new ArrayList<>();

    DocumentTrial(Path folder) throws IOException {
        this.folder = folder;
        List.of("8443", "8780", "8781", "9000").forEach(port -> ports.put(port, "" + LoopbackPorts.free()));
        Files.createSymbolicLink(
                folder.resolve("bin"), InstalledDistribution.home().resolve("bin"));
        var conf = Files.createDirectory(folder.resolve("conf"));
        for (var name : CONFIGS) {
            var text = Files.readString(
                    InstalledDistribution.home().resolve("conf").resolve(name));
            Files.writeString(conf.resolve(name), withFreePorts(text));
        }
        Files.writeString(
                conf.resolve("simulated.yaml"),
                withFreePorts("admin: { bind: 127.0.0.1:8781 }\n"),
                StandardOpenOption.APPEND);
        Files.writeString(folder.resolve(".curlrc"), "fail-with-body\nsilent\nshow-error\n");
    }

    Path folder() {
        return folder;
    }

    /// Returns the port in use in place of a usual one.
    String port(String usual) {
        return ports.getOrDefault(usual, usual);
    }

    String withFreePorts(String text) {
        var result = text;
        for (var port : ports.entrySet()) {
            result = result.replaceAll("(?<=[ :=])" + port.getKey() + "\\b", port.getValue());
        }
        return result;
    }

    /// Runs each line of a block as it is, in order; a program that stays is left running once it is ready.
    List<Result> runLines(DocumentSnippet block) {
        var results = new ArrayList<Result>();
        for (var line : block.text().lines().toList()) {
            var program =
                    ShellScript.commands(line).stream().filter(this::stays).findFirst();
            if (program.isPresent()) {
                start(usage.subcommand(program.get().words()), line);
            } else {
                results.add(runToEnd(line));
            }
        }
        return results;
    }

    private boolean stays(SimpleCommand command) {
        return command.program().equals("tidemark") && STAYING.contains(usage.subcommand(command.words()));
    }

    private void start(String name, String line) {
        var process = shell("exec " + line);
        staying.add(process);
        var output = new ProcessOutput(name, process.getInputStream(), Optional.empty());
        outputs.put(name, output);
        var sign = Map.of("run", "tidemark ready", "simulate", "simulated Exchange at", "listen", "http://")
                .get(name);
        await(name)
                .atMost(LIMIT)
                .until(() -> !process.isAlive() || output.text().contains(sign));
        assertThat(process.isAlive()).as(output::text).isTrue();
    }

    /// Returns the output so far of a program that stays.
    String output(String name) {
        return outputs.get(name).text();
    }

    /// Runs a line of a shell until its end.
    Result runToEnd(String line) {
        var process = shell(line);
        var output = new ProcessOutput("shell", process.getInputStream(), Optional.empty());
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as(line)
                    .isTrue();
            output.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a command ran", e);
        } finally {
            process.toHandle().destroyForcibly();
        }
        return new Result(process.exitValue(), output.text());
    }

    private Process shell(String line) {
        var builder = new ProcessBuilder("sh", "-c", withFreePorts(line)).directory(folder.toFile());
        var variables = builder.environment();
        variables.put("HOME", folder.toString());
        variables.put("TIDEMARK_JAVA_HOME", System.getProperty("java.home"));
        // these options exclude a class cache, whose recording takes longer than the trial
        variables.put("TIDEMARK_OPTS", "-Xshare:auto -Xmx128m -XX:TieredStopAtLevel=1");
        try {
            var process = builder.redirectErrorStream(true).start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a command of `tidemark` in this process, because each start of a JVM takes a second.
    Result runHere(List<String> arguments) {
        var said = new StringWriter();
        var commands =
                TidemarkUsage.commandLine().setOut(new PrintWriter(said, true)).setErr(new PrintWriter(said, true));
        var exit = commands.execute(arguments.toArray(String[]::new));
        return new Result(exit, said.toString());
    }

    @Override
    public void close() {
        for (var process : staying.reversed()) {
            // Process itself would close the console
            process.toHandle().destroy();
            try {
                process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process.toHandle().destroyForcibly();
        }
    }
}
