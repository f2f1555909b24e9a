package dev.tidemark.endtoend;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Sends SIGKILL under load, repeatedly.
final class KillIT {
    /// Long enough to distinguish saved from unsaved positions.
    private static final Duration MAX_LIFE = Duration.ofSeconds(2);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void what_was_acknowledged_is_delivered_whole_and_hardly_twice() {
        killAndCompare(10);
    }

    @Test
    @Tag("soak")
    void so_it_is_after_a_hundred_kills() {
        killAndCompare(100);
    }

    private void killAndCompare(int times) {
        try (var scene = KillUnderLoad.scene(folder)) {
            new KillUnderLoad(times, MAX_LIFE).assertNothingLost(scene);
        }
    }
}
