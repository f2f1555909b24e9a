package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.Assumptions.assumeThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Checks disk failures during operation: 503 while they last, no false acknowledgement, and no restart
/// afterwards.
final class DiskIT {
    private static final int MAILS_PER_SECOND = 20;
    private static final int IN_FIRST_RECORD = 580;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /// Makes files unwritable, even for processes that have them open, if the file system supports that.
    private record Unwritable(Path folder) implements AutoCloseable {
        static Unwritable in(Path folder) throws IOException {
            var probe = Files.createFile(folder.resolve("probe"));
            var unwritable = new Unwritable(folder);
            try (var open = Files.newOutputStream(probe)) {
                assumeThat(mark("+i", List.of(probe)))
                        .as("files can be marked so")
                        .isTrue();
                assumeThatThrownBy(() -> open.write(1))
                        .as("it holds for open files")
                        .isInstanceOf(IOException.class);
            } finally {
                unwritable.end();
            }
            Files.delete(probe);
            return unwritable;
        }

        /// Starts with the database and ends with it, because nothing works without it.
        void begin() {
            assertThat(mark("+i", files())).isTrue();
        }

        void end() {
            assertThat(mark("-i", files().reversed())).isTrue();
        }

        @Override
        public void close() {
            mark("-i", files());
        }

        private static boolean mark(String how, List<Path> files) {
            var names = files.stream().map(Path::toString);
            return SmallFileSystem.done(
                    Stream.concat(Stream.of("chattr", how), names).toArray(String[]::new));
        }

        private List<Path> files() {
            try (var all = Files.list(folder)) {
                return all.filter(Files::isRegularFile).sorted().toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private EndToEndScene scene() {
        return EndToEndScene.in(folder, "ada@example.com", "grace@example.com")
                .with("compensator", "silence-after", "6s")
                .with("compensator", "first-callback", "6s");
    }

    @Test
    void a_full_disk_is_reported_and_loses_nothing() throws IOException {
        var data = folder.resolve("data");
        try (var mounted = SmallFileSystem.mount(data);
                var scene = scene().with("store", "min-free", "0")) {
            scene.startSubscribed();
            try (var load = SteadyMailLoad.on(scene, MAILS_PER_SECOND)) {
                awaitMore(scene, 20);
                mounted.fill();
                // events still fit into the log's reserved space; the index does not
                EndToEndScene.await("readiness to end").until(() -> ready(scene) == 503);
                mounted.free();
                EndToEndScene.await("readiness to come back").until(() -> ready(scene) == 200);
                awaitMore(scene, 20);
                load.assertStillRunning();
            }
            assertNothingLost(scene);
        }
    }

    @Test
    void a_disk_that_is_low_at_the_start_is_named_and_waited_for() throws Exception {
        var data = folder.resolve("data");
        try (var mounted = SmallFileSystem.mount(data);
                var scene = scene().with("store", "min-free", "48MiB")) {
            // the store needs a few MiB: the ballast leaves far too little, and its removal leaves plenty
            mounted.occupy(64 << 20);
            var daemon = scene.launch();
            EndToEndScene.await("a warning")
                    .until(() -> daemon.errorLines().stream()
                            .anyMatch(line -> line.contains(" WARN ") && line.contains("store.min-free")));
            EndToEndScene.await("the reason")
                    .until(() -> scene.admin().request("/health/ready").body().contains("store.min-free"));
            assertThat(ready(scene)).isEqualTo(503);
            assertThat(daemon.isReady())
                    .as("ready while every callback would be refused")
                    .isFalse();
            assertThat(scene.admin().request("/health/ready").body()).contains("\"store\":\"down\"", "make room");
            assertThat(scene.admin().request("/metrics").body())
                    .contains("tidemark_problems{area=\"store\"} 1.0", "tidemark_disk_free_bytes");
            var status = CommandRunner.tidemark(Stream.concat(Stream.of("status"), scene.adminOptions().stream())
                    .toArray(String[]::new));
            assertThat(status.out().getFirst()).startsWith("not well");
            assertThat(status.out().get(1)).contains("store not writing: ", "store.min-free");

            mounted.free();
            daemon.awaitReady();
            scene.awaitSubscribed();
            assertThat(scene.admin().request("/health/ready").body()).contains("\"store\":\"up\"");
            assertThat(ready(scene)).isEqualTo(200);
        }
    }

    @Test
    void a_disk_that_is_full_at_the_start_is_named() throws Exception {
        var data = folder.resolve("data");
        try (var mounted = SmallFileSystem.mount(data);
                var scene = scene().with("store", "min-free", "0")) {
            assertThat(scene.start().terminate()).isZero();
            mounted.fill();
            CommandRunner.assertSentence(run(scene), "make room");
        }
    }

    @Test
    void a_data_directory_that_vanishes_is_answered_503_until_it_is_back() {
        var data = folder.resolve("data");
        var elsewhere = folder.resolve("elsewhere");
        try (var scene = scene()) {
            failAndRecover(scene, () -> move(data, elsewhere), () -> move(elsewhere, data));
        }
    }

    @Test
    @Tag("soak")
    void files_that_may_not_be_written_any_more_are_answered_503_until_they_may() throws IOException {
        var data = Files.createDirectories(folder.resolve("data"));
        try (var files = Unwritable.in(data);
                var scene = scene()) {
            failAndRecover(scene, files::begin, files::end);
        }
        assertThat(logged("ERROR Ledger:")).singleElement(STRING).contains("Operation not permitted");
        assertThat(logged("The store writes again")).hasSize(1);
    }

    private List<String> logged(String text) throws IOException {
        return Files.readAllLines(folder.resolve("daemon.log")).stream()
                .filter(line -> line.contains(text))
                .toList();
    }

    @Test
    void a_data_directory_that_cannot_be_written_is_told_in_a_sentence() throws IOException, InterruptedException {
        try (var mounted = SmallFileSystem.mount(folder.resolve("data"));
                var scene = scene()) {
            mounted.readOnly();
            CommandRunner.assertSentence(run(scene), "Read-only file system");
        }
    }

    @Test
    void a_damaged_store_is_told_in_a_sentence() throws IOException, InterruptedException {
        try (var scene = scene()) {
            assertThat(scene.start().terminate()).isZero();
            damageSegments();
            CommandRunner.assertSentence(run(scene), "is damaged at offset");
        }
    }

    private void damageSegments() throws IOException {
        try (var files = Files.list(folder.resolve("data/tidemark.store"))) {
            for (var file : files.filter(each -> each.getFileName().toString().startsWith("segment-"))
                    .toList()) {
                var bytes = Files.readAllBytes(file);
                bytes[IN_FIRST_RECORD] ^= 1;
                Files.write(file, bytes);
            }
        }
    }

    private CommandRunner.Result run(EndToEndScene scene) throws IOException, InterruptedException {
        return CommandRunner.tidemark(
                "run", "--config", scene.config().write(folder).toString());
    }

    private static void failAndRecover(EndToEndScene scene, Runnable fail, Runnable mend) {
        scene.startSubscribed();
        try (var load = SteadyMailLoad.on(scene, MAILS_PER_SECOND)) {
            awaitMore(scene, 20);
            fail.run();
            EndToEndScene.await("readiness to end").until(() -> ready(scene) == 503);
            var known = scene.exchange().ledger().acknowledgedItems().size();
            EndToEndScene.await("refused callbacks")
                    .until(() -> scene.deliveredItems().size() > known + 3 * MAILS_PER_SECOND);
            assertThat(scene.exchange().ledger().acknowledgedItems())
                    .as("acknowledged without a disk")
                    .hasSizeLessThan(known + MAILS_PER_SECOND);
            mend.run();
            EndToEndScene.await("readiness to come back").until(() -> ready(scene) == 200);
            awaitMore(scene, 20);
            load.assertStillRunning();
        }
        assertNothingLost(scene);
    }

    private static void assertNothingLost(EndToEndScene scene) {
        scene.awaitAllReceived();
        scene.webhook().story().assertNoneDoubled(DeliveryHistory.RECEIVED);
        scene.assertInOrder();
    }

    private static int ready(EndToEndScene scene) {
        return scene.admin().request("/health/ready").statusCode();
    }

    private static void awaitMore(EndToEndScene scene, int more) {
        var goal = scene.exchange().ledger().acknowledgedItems().size() + more;
        EndToEndScene.await("acknowledgements")
                .until(() -> scene.exchange().ledger().acknowledgedItems().size() >= goal);
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
