package dev.tidemark.simulator.guide;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// Project of a reader of docs/simulator.md: its sources in a folder, compiled and run for Java 17 with only the
/// artifact, its dependencies, JUnit and AssertJ. It runs on a JDK 17 if this machine has one, else on this JVM's.
final class GuideProject {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final List<String> DEPENDENCIES = List.of(
            "dev.tidemark.simulator.SimulatedExchange",
            "dev.tidemark.values.ItemId",
            "com.github.tomakehurst.wiremock.WireMockServer",
            "org.slf4j.Logger",
            "org.junit.jupiter.api.Test",
            "org.junit.jupiter.engine.JupiterTestEngine",
            "org.junit.platform.commons.JUnitException",
            "org.junit.platform.engine.TestEngine",
            "org.junit.platform.launcher.Launcher",
            "org.opentest4j.AssertionFailedError",
            "org.assertj.core.api.Assertions");
    private static final String IMPORTS = """
            import static dev.tidemark.simulator.assertion.ExchangeAssertions.assertThat;
            import static org.assertj.core.api.Assertions.assertThat;
            import dev.tidemark.simulator.*;
            import dev.tidemark.simulator.fault.*;
            import dev.tidemark.simulator.junit.*;
            import dev.tidemark.simulator.mailbox.*;
            import java.time.Duration;
            import org.junit.jupiter.api.Test;
            """;

    private final Path folder;
    private final List<Path> sources = new ArrayList<>();

    GuideProject(Path folder) {
        this.folder = folder;
    }

    /// Adds the example of the guide that declares this class.
    GuideProject withExample(String className) throws IOException {
        var guide = Files.readString(Path.of("../../docs/simulator.md"));
        var example = EXAMPLE.matcher(guide)
                .results()
                .map(match -> match.group(1))
                .filter(code -> code.contains("class " + className))
                .findFirst()
                .orElseThrow(() -> new AssertionError("docs/simulator.md has no example " + className + "."));
        return with(className, IMPORTS + example);
    }

    GuideProject withResource(String className) throws IOException {
        return with(className, resource(className));
    }

    static String resource(String className) throws IOException {
        try (InputStream in = GuideProject.class.getResourceAsStream(className + ".java.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        }
    }

    GuideProject with(String className, String code) throws IOException {
        sources.add(Files.writeString(folder.resolve(className + ".java"), code));
        return this;
    }

    /// Compiles the sources and runs the tests of one class. Returns the output.
    String run(String className) throws IOException, InterruptedException {
        withResource("RunTests");
        compile();
        var process = new ProcessBuilder(
                        java().toString(), "-cp", classPath() + File.pathSeparator + folder, "RunTests", className)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return Files.readString(folder.resolve("output"));
    }

    private void compile() throws IOException {
        var messages = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, UTF_8)) {
            var options = List.of("--release", "17", "-proc:none", "-cp", classPath(), "-d", folder.toString());
            var task =
                    compiler.getTask(messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources));
            if (!task.call()) {
                throw new AssertionError("The example does not compile: " + messages);
            }
        }
    }

    private static String classPath() {
        return DEPENDENCIES.stream()
                .map(GuideProject::location)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String location(String className) {
        try {
            var source = Class.forName(className).getProtectionDomain().getCodeSource();
            return Path.of(source.getLocation().toURI()).toString();
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new AssertionError(className + " is not on the class path.", e);
        }
    }

    private static Path java() throws IOException {
        return oldHome().orElse(Path.of(System.getProperty("java.home"))).resolve("bin/java");
    }

    private static Optional<Path> oldHome() throws IOException {
        var homes = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(homes)) {
            return Optional.empty();
        }
        try (Stream<Path> all = Files.list(homes)) {
            return all.filter(home -> home.getFileName().toString().contains("-17-"))
                    .filter(home -> Files.isExecutable(home.resolve("bin/java")))
                    .findFirst();
        }
    }
}
