package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.StoreException;
import dev.tidemark.testsupport.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreFileMonitorTest {
    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private Path file;
    private Path segment;
    private StoreFileMonitor watch;

    @BeforeEach
    void watch() throws IOException {
        file = Files.writeString(folder.resolve("store"), "one");
        segment = Files.writeString(folder.resolve("segment1"), "one");
        watch = new StoreFileMonitor(Optional.of(file), () -> segment, clock);
    }

    private boolean there() {
        clock.advance(Duration.ofSeconds(1));
        return watch.obstacle().isEmpty();
    }

    @Test
    void a_file_that_is_gone_is_missed_until_it_is_back() throws IOException {
        assertThat(there()).isTrue();
        Files.move(file, folder.resolve("elsewhere"));
        assertThat(there()).isFalse();
        assertThat(watch.obstacle())
                .hasValueSatisfying(sentence ->
                        assertThat(sentence).contains(file.toString()).contains("put the folder back"));
        Files.move(folder.resolve("elsewhere"), file);
        assertThat(there()).isTrue();
    }

    @Test
    void another_file_in_its_place_counts_as_missing() throws IOException {
        Files.move(file, folder.resolve("elsewhere"));
        Files.writeString(file, "two");
        assertThat(there()).isFalse();
    }

    @Test
    void what_is_no_ordinary_file_is_not_watched() {
        var none = new StoreFileMonitor(Optional.empty(), () -> folder.resolve("none"), clock);
        clock.advance(Duration.ofSeconds(1));
        assertThat(none.obstacle()).isEmpty();
    }

    @Test
    void the_newest_segment_is_watched_and_only_that() throws IOException {
        var older = segment;
        segment = Files.writeString(folder.resolve("segment2"), "two");
        assertThat(there()).isTrue();
        Files.delete(older);
        assertThat(there()).isTrue();
        Files.move(segment, folder.resolve("elsewhere"));
        assertThat(there()).isFalse();
        assertThat(watch.obstacle())
                .hasValueSatisfying(sentence -> assertThat(sentence).contains(segment.toString()));
        var missing = segment;
        segment = Files.writeString(folder.resolve("segment3"), "three");
        assertThat(there()).as("another segment does not replace it").isFalse();
        Files.move(folder.resolve("elsewhere"), missing);
        assertThat(there()).isTrue();
    }

    @Test
    void a_store_without_its_newest_segment_accepts_nothing() throws IOException {
        var home = new EmbeddedHome(folder);
        try (var store = home.open(clock)) {
            Files.delete(newestSegment(home.log("store0")));
            clock.advance(Duration.ofSeconds(1));
            assertThat(store.intake().accepting()).isFalse();
            assertThatThrownBy(() -> store.intake().record(List.of()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageMatching("The store's file .*segment-\\d{20} is missing; put .*\\.");
        }
    }

    private static Path newestSegment(Path log) throws IOException {
        try (var files = Files.list(log)) {
            return files.filter(name -> name.getFileName().toString().startsWith("segment-"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    @Test
    void a_store_without_its_folder_accepts_nothing() throws IOException {
        var home = new EmbeddedHome(folder);
        try (var store = home.open(clock)) {
            Files.move(home.log("store0"), folder.resolve("elsewhere"));
            clock.advance(Duration.ofSeconds(1));
            assertThat(store.intake().accepting()).isFalse();
            assertThatThrownBy(() -> store.intake().record(List.of()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is missing");
            Files.move(folder.resolve("elsewhere"), home.log("store0"));
            clock.advance(Duration.ofSeconds(1));
            assertThat(store.intake().accepting()).isTrue();
        }
    }

    @Test
    void a_store_without_its_lock_file_accepts_nothing() throws IOException {
        var home = new EmbeddedHome(folder);
        try (var store = home.open(clock)) {
            Files.delete(home.log("store0").resolve("lock"));
            clock.advance(Duration.ofSeconds(1));
            assertThat(store.intake().accepting()).isFalse();
        }
    }
}
