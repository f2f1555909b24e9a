package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Promises of [ReplayStore].
public abstract class ReplayStoreContract extends PortContract {
    private static final SinkName CRM = new SinkName("crm");
    private static final SinkName BUS = new SinkName("bus");

    private static JournalPosition at(long place) {
        return new JournalPosition(place);
    }

    @Test
    void keeps_replays_until_they_end() {
        var first = replay("rpl_a", CRM, Optional.of("dev.tidemark.*"));
        var second = replay("rpl_b", CRM, Optional.empty());
        store.replays().begin(second);
        store.replays().begin(first);
        store.replays().advance("rpl_b", at(7), 4);
        reopenAfterPowerCut();
        assertThat(store.replays().running(BUS)).isEmpty();
        assertThat(store.replays().running(CRM)).hasSize(2).first().isEqualTo(first);
        assertThat(store.replays().running(CRM).getLast()).isEqualTo(second.at(at(7), 4));
        assertThat(store.replays().end("rpl_a")).isTrue();
        assertThat(store.replays().end("rpl_a")).isFalse();
        store.replays().advance("rpl_a", at(8), 5);
        reopenAfterPowerCut();
        assertThat(store.replays().running(CRM)).extracting(SinkReplay::id).containsExactly("rpl_b");
    }

    @Test
    void lists_all_replays_in_the_order_in_which_they_began() {
        var crm = replay("rpl_a", CRM, Optional.empty());
        var bus = replay("rpl_b", BUS, Optional.empty());
        store.replays().begin(bus);
        store.replays().begin(crm);
        assertThat(store.replays().running()).containsExactly(crm, bus);
    }

    /// Returns a replay; the start follows the alphabetical order.
    private SinkReplay replay(String id, SinkName sink, Optional<String> type) {
        var begun = time().plusSeconds(id.charAt(id.length() - 1));
        var count = new SinkReplay.ReplayCounts(0, 6);
        return new SinkReplay(id, sink, begun, at(3), at(9), Optional.empty(), type, 100, count);
    }

    @Test
    void keeps_the_dead_letters_that_must_be_sent_again() {
        receive(1);
        var event = store.journal().read(JournalPosition.START, 1).getFirst();
        var letter = new DeadLetter("dl_1", CRM, event, "answered 500", 10, time());
        store.deliveries().saveDeadLetter(letter);
        store.deliveries().saveDeadLetter(new DeadLetter("dl_2", BUS, event, "answered 400", 1, time()));
        assertThat(store.replays().recall("dl_3")).isEmpty();
        assertThat(store.replays().recall("dl_1")).contains(CRM);
        reopenAfterPowerCut();
        assertThat(store.replays().recalled(CRM, 10)).containsExactly(letter);
        assertThat(store.replays().recalled(BUS, 10)).isEmpty();
        var again = new DeadLetter("dl_1", CRM, event, "answered 400", 11, time().plusSeconds(1));
        store.replays().saveFailedRecall(again);
        assertThat(store.replays().recalled(CRM, 10)).isEmpty();
        assertThat(store.deliveries().deadLetters(Optional.of(CRM), 10)).containsExactly(again);
        assertThat(store.replays().recallAll(Optional.of(BUS))).isOne();
        assertThat(store.replays().recallAll(Optional.empty())).isEqualTo(2);
        assertThat(store.deliveries().dropDeadLetter("dl_1")).isTrue();
        store.replays().saveFailedRecall(again);
        assertThat(store.deliveries().deadLetterCount()).isOne();
    }
}
