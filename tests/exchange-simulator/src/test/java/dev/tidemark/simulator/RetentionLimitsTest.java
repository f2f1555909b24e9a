package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.throttle.AccountLimits;
import org.junit.jupiter.api.Test;

/// Memory of a simulator that runs for long.
class RetentionLimitsTest {
    private static final int KEPT = 100;

    private final SimulatorTestBed bed = new SimulatorTestBed(
            NotificationRetrySchedule.Reading.TOTAL, AccountLimits.none().withKept(KEPT));

    private void deliver(int mails) {
        for (var i = 0; i < mails; i++) {
            bed.ada.deliver("mail " + i);
        }
    }

    @Test
    void a_mailbox_keeps_its_newest_items() {
        deliver(1000);
        var last = bed.ada.deliver("last");

        assertThat(bed.ada.items("inbox")).hasSize(KEPT).endsWith(last);
    }

    @Test
    void the_ledger_keeps_its_newest_entries_and_counts_all() {
        bed.subscribed();
        deliver(1000);

        assertThat(bed.ledger.deliveredCount()).isEqualTo(1000);
        assertThat(bed.ledger.acknowledgedCount()).isEqualTo(1000);
        assertThat(bed.ledger.delivered()).hasSizeBetween(KEPT, KEPT + KEPT / 4 + 1);
        assertThat(bed.ledger.acknowledged()).hasSizeBetween(KEPT, KEPT + KEPT / 4 + 1);
        assertThat(bed.ledger.acknowledgedItems()).hasSizeBetween(2 * KEPT, 2 * KEPT + 1);
    }

    @Test
    void a_watermark_and_a_sync_state_before_the_kept_history_are_refused() {
        var watermark = SimulatorRequests.text(bed.subscribe(""), "m:Watermark");
        var state = SimulatorRequests.text(
                bed.request("ada@example.com", SimulatorRequests.syncFolderItems("", 10)), "m:SyncState");
        deliver(10);
        assertThat(bed.subscribe(watermark)).contains("NoError");
        assertThat(bed.request("ada@example.com", SimulatorRequests.syncFolderItems(state, 100)))
                .contains("NoError");

        deliver(1000);

        assertThat(bed.subscribe(watermark)).contains("ErrorInvalidWatermark");
        assertThat(bed.request("ada@example.com", SimulatorRequests.syncFolderItems(state, 100)))
                .contains("ErrorInvalidSyncStateData");
    }

    @Test
    void a_recent_sync_state_reports_the_items_that_were_trimmed() {
        deliver(KEPT);
        var oldest = bed.ada.items("inbox").getFirst();
        var state = SimulatorRequests.text(
                bed.request("ada@example.com", SimulatorRequests.syncFolderItems("", 200)), "m:SyncState");
        deliver(1);

        assertThat(bed.request("ada@example.com", SimulatorRequests.syncFolderItems(state, 100)))
                .contains("<t:Delete><t:ItemId Id=\"" + oldest.id());
    }
}
