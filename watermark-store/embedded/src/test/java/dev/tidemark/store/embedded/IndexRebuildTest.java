package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.log.SimulatedDisk;
import dev.tidemark.store.UninterruptibleStoreThread;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that callbacks do not wait while the index is built again, and that it then includes their changes.
final class IndexRebuildTest {
    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final AtomicReference<Runnable> beforeRead = new AtomicReference<>(() -> {});
    private final CountDownLatch changed = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile boolean isChangedMeanwhile;

    @Test
    void units_of_work_continue_while_the_index_is_rebuilt() throws Exception {
        var disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
        var home = new SimulatedHome(folder, SimulatedHome.SMALL, disk);
        var watched = new WatchedDisk(
                disk, () -> {}, () -> beforeRead.getAndSet(() -> {}).run());
        var surroundings = new EmbeddedStore.Dependencies(clock, new SecureRandom(), Duration.ofMillis(20));
        try (var store = home.open(surroundings, watched)) {
            var ada = new CallbackSequence(store, clock);
            ada.mail();
            saveDeadLetter(store, "dl_1");
            store.snapshot();
            var other = new UninterruptibleStoreThread("other", () -> changeMeanwhile(store, ada));
            other.start();
            beforeRead.set(this::letOtherChange);
            shutIndexDown(home);
            await().ignoreExceptions().until(() -> store.deliveries().deadLetterCount() == 2);
            other.join();
            assertThat(isChangedMeanwhile).isTrue();
            assertThat(store.journal().read(JournalPosition.START, 10)).hasSize(3);
        }
    }

    private void changeMeanwhile(EmbeddedStore store, CallbackSequence ada) {
        try {
            asked.await();
            ada.mail();
            saveDeadLetter(store, "dl_2");
            changed.countDown();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void letOtherChange() {
        asked.countDown();
        try {
            isChangedMeanwhile = changed.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void saveDeadLetter(EmbeddedStore store, String id) {
        var event = store.journal().read(JournalPosition.START, 1).getFirst();
        store.deliveries().saveDeadLetter(new DeadLetter(id, new SinkName("crm"), event, "410", 1, clock.instant()));
    }

    private static void shutIndexDown(SimulatedHome home) throws SQLException {
        var url = "jdbc:h2:file:" + home.index().toString().replace(".mv.db", "");
        try (var connection = DriverManager.getConnection(url, "sa", "");
                var statement = connection.createStatement()) {
            statement.execute("SHUTDOWN IMMEDIATELY");
        }
    }
}
