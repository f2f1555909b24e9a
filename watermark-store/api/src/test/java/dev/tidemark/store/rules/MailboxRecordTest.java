package dev.tidemark.store.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.change.EventKeyList;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class MailboxRecordTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00.123456789Z");
    private static final int MANY = 20_000;
    private static final int MAX_BYTES = 2048;

    /// Returns a mailbox with all fields set, and with ids as long as Exchange's.
    private static MailboxRecord full(int keys) {
        var record = new MailboxRecord(
                new MailboxId("mbx_aaaaaaaaaaaaaaaa"),
                new MailboxAddress("ada.lovelace@department.example.com"),
                new GroupMembership("inboxes", true));
        var mark = new Watermark("AQAAAGs1hJQh8J9Kl0bQ1mZ0fVZ1kMgAAAAAAAE=");
        var subscription = new SubscriptionId("JgBleGNoMDEuZGVwYXJ0bWVudC5leGFtcGxlLmNvbRAAAABf".repeat(3));
        var attempt = SubscribeAttempt.begun(7, SubscribeReason.SILENCE, "0123456789abcdef", Optional.of(mark), NOW)
                .withResponse(subscription);
        var link = new ChainLink(
                Optional.of(mark),
                Optional.of(mark),
                LongStream.range(0, keys)
                        .mapToObj(number -> new EventKey(number, -number, 1))
                        .toList());
        record.state = new MailboxState.Failed("ErrorAccessDenied", "It says why.");
        record.sequence = 4711;
        record.lastPosition = 123_456_789;
        record.attempts = 8;
        record.live = Optional.of(attempt);
        record.pending = Optional.of(attempt);
        record.chain =
                NotificationChain.NEW.continuedBy(link, 42).brokenBy(link, 43).asEnded();
        record.watermark = Optional.of(new StoredWatermark(mark, NOW));
        record.watermarkPosition = 123_456_788;
        record.setSubscribedAt(NOW);
        record.recordCallback(NOW);
        record.calledBack = true;
        record.resyncSince = Optional.of(NOW);
        record.due = Optional.of(new PendingCompensation(SubscribeReason.GAP, NOW, true, "notifications are missing"));
        record.dueForAttempt = 7;
        record.backoff = CompensationBackoff.NONE.after(NOW);
        record.failuresFromWatermark = 1;
        record.compensationsWithoutCallback = 2;
        record.origin = Optional.of(EventOrigin.PUSH);
        record.lastError = Optional.of("ErrorServerBusy: The server cannot service this request right now.");
        record.duplicateWindow =
                Optional.of(DuplicateWindow.open(Optional.empty(), 41, NOW).closed(NOW));
        record.ignoreFirstMismatch = true;
        record.announcedAttempt = 7;
        record.lostAttempt = 6;
        record.failure = Optional.of("ErrorAccessDenied");
        record.degradation =
                DegradationState.of(NOW, NOW.minusSeconds(900), 123_456_700).withPendingAttempt(123_456_780);
        return record;
    }

    @Test
    void a_row_of_the_previous_version_is_a_mailbox_with_working_push() {
        var record = full(3);
        record.degradation = DegradationState.NONE;
        var body = MailboxRecordCodec.write(record, 99);
        // version 2 added a flag, version 3 another, version 4 a name with its length
        var older = Arrays.copyOf(body, body.length - 2 - 1 - "CONFIGURATION".length());
        older[0] = 1;
        assertThat(MailboxRecordCodec.read("mbx_aaaaaaaaaaaaaaaa", "ada.lovelace@department.example.com", older)
                        .record())
                .usingRecursiveComparison()
                .isEqualTo(record);
    }

    @Test
    void a_row_holds_all_of_a_mailbox() {
        var body = MailboxRecordCodec.write(full(3), 99);
        var read = MailboxRecordCodec.read("mbx_aaaaaaaaaaaaaaaa", "ada.lovelace@department.example.com", body);
        assertThat(read.upTo()).isEqualTo(99);
        assertThat(read.record()).usingRecursiveComparison().isEqualTo(full(3));
        assertThat(MailboxRecordCodec.write(read.record(), 99)).isEqualTo(body);
    }

    /// Each mailbox shares one object of these.
    @Test
    void a_mailbox_that_is_read_shares_equal_objects() {
        var record = full(0);
        record.backoff = CompensationBackoff.NONE;
        var body = MailboxRecordCodec.write(record, 99);
        var read = MailboxRecordCodec.read("mbx_aaaaaaaaaaaaaaaa", "ada.lovelace@department.example.com", body)
                .record();
        var last = read.chain.last().orElseThrow();
        assertThat(read.watermark.orElseThrow().value()).isSameAs(last);
        assertThat(read.chain.previous().orElseThrow()).isSameAs(last);
        assertThat(read.chain.lastKeys()).isSameAs(EventKeyList.EMPTY);
        assertThat(read.backoff).isSameAs(CompensationBackoff.NONE);
    }

    @Test
    void a_copy_holds_all_of_a_mailbox() {
        assertThat(full(3).copy()).usingRecursiveComparison().isEqualTo(full(3));
    }

    @Test
    void a_mailbox_needs_less_than_two_kibibytes() {
        var record = full(8);
        // a resync is pending while push works, or after it came back
        record.resyncSince = Optional.empty();
        var body = MailboxRecordCodec.write(record, 99);
        var records = new ArrayList<MailboxRecord>(MANY);
        var before = used();
        for (var i = 0; i < MANY; i++) {
            var address = "ada.lovelace" + i + "@department.example.com";
            records.add(MailboxRecordCodec.read("mbx_aaaaaaaaaaaaaaaa", address, body)
                    .record());
        }
        var each = (used() - before) / MANY;
        assertThat(each).isLessThan(MAX_BYTES);
        assertThat(List.copyOf(records)).hasSize(MANY);
    }

    private static long used() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
