package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.BinaryValueReader;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ChangeCodec;
import dev.tidemark.store.change.ChangeKey;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Checks the binary form of changes and the keys of their rows, with random changes.
final class ChangeCodecTest {
    private static final int SAMPLES = 60;
    private static final MailboxId ADA = new MailboxId("mbx_aaaaaaaaaaaaaaaa");

    static List<Class<?>> kinds() {
        return new RandomChanges(0).kinds();
    }

    private static byte[] written(List<Change> changes) {
        var out = new BinaryValueWriter();
        changes.forEach(change -> ChangeCodec.write(out, change));
        return out.toBytes();
    }

    private static List<Change> read(byte[] bytes) {
        var in = new BinaryValueReader(bytes);
        var changes = new ArrayList<Change>();
        while (in.hasMore()) {
            changes.add(ChangeCodec.read(in));
        }
        return changes;
    }

    @Test
    void every_kind_is_tried() {
        assertThat(kinds()).containsExactlyInAnyOrder(Change.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_change_gives_back_what_was_written(Class<?> kind) {
        var random = new RandomChanges(kind.getSimpleName().hashCode());
        for (var i = 0; i < SAMPLES; i++) {
            var change = List.of(random.of(kind));
            assertThat(read(written(change))).isEqualTo(change);
        }
    }

    @Test
    void many_changes_share_a_record() {
        var changes = new RandomChanges(7).some(500);
        assertThat(read(written(changes))).isEqualTo(changes);
    }

    @Test
    void a_kind_of_a_later_version_is_refused_and_never_skipped() {
        var bytes = written(List.of(new Change.JournalPruned(1)));
        for (var tag : List.of(0, ChangeCodec.FORMAT + 1, 255)) {
            bytes[0] = tag.byteValue();
            assertThatThrownBy(() -> read(bytes))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("kind " + tag)
                    .hasMessageContaining("was written by a later version");
        }
    }

    @Test
    void the_format_is_the_newest_tag() {
        var bytes = written(List.of(new Change.JournalPruned(1)));
        bytes[0] = (byte) (ChangeCodec.FORMAT + 1);
        assertThatThrownBy(() -> read(bytes)).hasMessageContaining("was written by a later version");
        assertThat(new RandomChanges(9).some(500))
                .extracting(change -> (int) written(List.of(change))[0])
                .contains(ChangeCodec.FORMAT);
    }

    @Test
    void a_change_that_was_cut_short_is_called_damaged() {
        var random = new RandomChanges(8);
        for (var kind : kinds()) {
            var bytes = written(List.of(random.of(kind)));
            var torn = Arrays.copyOf(bytes, bytes.length - 1);
            assertThatThrownBy(() -> read(torn)).as("%s", kind).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void tags_stay_as_they_are() {
        var tags = new RandomChanges(9)
                .some(500).stream()
                        .map(change -> written(List.of(change))[0] + " "
                                + change.getClass().getSimpleName())
                        .distinct();
        assertThat(tags)
                .containsExactlyInAnyOrder(
                        "1 JournalAppended",
                        "2 JournalPruned",
                        "3 MailboxSaved",
                        "4 InstanceSaved",
                        "5 FolderStateSaved",
                        "6 FolderStateRemoved",
                        "7 SinkSaved",
                        "8 DeliveryDeferred",
                        "9 DeferralRemoved",
                        "10 DeadLetterSaved",
                        "11 DeadLetterRemoved",
                        "12 DetailSaved",
                        "13 DetailSpanSaved",
                        "14 DetailsPruned",
                        "15 MailboxLocationSaved",
                        "16 ClockOffsetSaved",
                        "17 EventTimeSaved",
                        "18 ReplaySaved",
                        "19 ReplayRemoved",
                        "20 MailboxForgotten",
                        "21 DetailRemoved",
                        "22 MailboxLocationRemoved",
                        "23 DeadLetterSaved",
                        "24 SinkRemoved");
    }

    @Test
    void a_row_has_one_key_whether_it_is_saved_or_removed() {
        var random = new RandomChanges(10);
        for (var i = 0; i < SAMPLES; i++) {
            var state = (Change.FolderStateSaved) random.of(Change.FolderStateSaved.class);
            var deferred = ((Change.DeliveryDeferred) random.of(Change.DeliveryDeferred.class)).row();
            var letter = (Change.DeadLetterSaved) random.of(Change.DeadLetterSaved.class);
            var replay = (Change.ReplaySaved) random.of(Change.ReplaySaved.class);
            assertSameKey(state, new Change.FolderStateRemoved(state.mailbox(), state.folder()));
            assertSameKey(
                    new Change.DeliveryDeferred(deferred),
                    new Change.DeferralRemoved(deferred.sink(), deferred.position()));
            assertSameKey(letter, new Change.DeadLetterRemoved(letter.letter().id()));
            var sink = (Change.SinkSaved) random.of(Change.SinkSaved.class);
            assertSameKey(sink, new Change.SinkRemoved(sink.sink()));
            assertSameKey(replay, new Change.ReplayRemoved(replay.replay().id()));
        }
    }

    private static void assertSameKey(Change one, Change other) {
        assertThat(ChangeKey.of(one)).isPresent().isEqualTo(ChangeKey.of(other));
    }

    @Test
    void different_rows_have_different_keys() {
        var keys = List.<Change>of(
                new Change.FolderStateRemoved(ADA, "a"),
                new Change.FolderStateRemoved(ADA, "b"),
                new Change.FolderStateRemoved(new MailboxId("mbx_bbbbbbbbbbbbbbbb"), "a"),
                new Change.DeferralRemoved(new SinkName("a"), new JournalPosition(1)),
                new Change.DeferralRemoved(new SinkName("a"), new JournalPosition(2)),
                new Change.DeferralRemoved(new SinkName("b"), new JournalPosition(1)),
                new Change.DeadLetterRemoved("a"),
                new Change.ReplayRemoved("a"),
                new Change.DetailSaved(new JournalPosition(1), new ItemDetail.NotFound()));
        assertThat(keys.stream().map(ChangeKey::of)).doesNotHaveDuplicates();
    }

    @Test
    void the_journal_and_prunings_have_no_key() {
        for (var change : new RandomChanges(11).some(500)) {
            var isRow = !(change instanceof Change.JournalAppended
                    || change instanceof Change.JournalPruned
                    || change instanceof Change.DetailsPruned);
            assertThat(ChangeKey.of(change).isPresent())
                    .as("%s", change.getClass())
                    .isEqualTo(isRow);
        }
    }
}
