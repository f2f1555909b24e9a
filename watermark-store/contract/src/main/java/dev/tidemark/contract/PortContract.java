package dev.tidemark.contract;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.testsupport.SettableClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Base of the suites: a store that can be opened again. A test of a store extends each suite and names the place
/// of its stores. A test of a fake extends the suites for its ports. Not thread-safe.
abstract class PortContract {
    protected final SettableClock clock = new SettableClock();
    protected WatermarkStore store;

    @TempDir
    Path folder;

    private StoreHome home;

    /// Returns the place of this test's stores.
    protected abstract StoreHome home(Path folder);

    @BeforeEach
    void open() {
        home = home(folder);
        store = home.open(clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    protected void reopen() {
        store.close();
        store = home.open(clock);
    }

    protected void reopenAfterPowerCut() {
        home.cut(store);
        store = home.open(clock);
    }

    protected Instant time() {
        return clock.instant();
    }

    /// Returns the mailbox that events are about.
    protected MailboxId mailbox() {
        return home.mailbox(store);
    }

    /// Records mails of the mailbox, one by one.
    protected void receive(int mails) {
        for (var i = 0; i < mails; i++) {
            home.receive(store, mailbox(), time());
        }
    }

    protected List<JournalEvent> journal() {
        return store.journal().read(JournalPosition.START, 10_000);
    }
}
