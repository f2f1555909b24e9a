package dev.tidemark.simulator.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.values.ItemId;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compiles and runs the examples of docs/simulator.md as projects of their own.
class GuideExamplesTest {
    private static final int JAVA_17 = 61;

    @TempDir
    private Path folder;

    @Test
    void a_listener_that_answers_wrongly_fails_the_test_of_the_guide() throws Exception {
        var wrong = GuideProject.resource("MyListener").replace("text/xml; charset=utf-8", "application/json");

        var output = new GuideProject(folder)
                .with("MyListener", wrong)
                .withExample("MyListenerTest")
                .run("MyListenerTest");

        assertThat(output).contains("1 failed").contains("No listener acknowledged", "status 200");
    }

    @Test
    void a_right_listener_passes_the_test_of_the_guide() throws Exception {
        var output = new GuideProject(folder)
                .withResource("MyListener")
                .withExample("MyListenerTest")
                .run("MyListenerTest");

        assertThat(output).contains("1 succeeded").contains("0 failed");
    }

    @Test
    void a_client_of_SyncFolderItems_passes_the_test_of_the_guide() throws Exception {
        var output = new GuideProject(folder)
                .withResource("MyInboxCopy")
                .withExample("MyInboxCopyTest")
                .run("MyInboxCopyTest");

        assertThat(output).contains("1 succeeded").contains("0 failed");
    }

    @ParameterizedTest
    @ValueSource(classes = {SimulatedExchange.class, ItemId.class})
    void class_files_are_for_java_17(Class<?> type) throws IOException, URISyntaxException {
        var location =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isRegularFile(location)) {
            assertThat(version(type)).isEqualTo(JAVA_17);
            return;
        }
        try (Stream<Path> files = Files.walk(location)) {
            assertThat(files.filter(file -> file.toString().endsWith(".class")))
                    .isNotEmpty()
                    .allSatisfy(file ->
                            assertThat(version(Files.readAllBytes(file))).isEqualTo(JAVA_17));
        }
    }

    private static int version(Class<?> type) throws IOException {
        try (var in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            return version(in.readAllBytes());
        }
    }

    private static int version(byte[] classFile) {
        return ByteBuffer.wrap(classFile).getShort(6);
    }
}
