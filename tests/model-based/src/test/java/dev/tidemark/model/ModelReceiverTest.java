package dev.tidemark.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventId;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ModelReceiverTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");
    private static final EventSource SOURCE = new EventSource.OfMailbox(new MailboxId("mbx_aaaaaaaaaaaaaaaa"));

    private final SimulatedAgenda agenda = new SimulatedAgenda(NOW);
    private final ModelReceiver receiver = new ModelReceiver(agenda, new SeededDice(1));

    private static JournalEvent event(long sequence) {
        return new JournalEvent(
                new JournalPosition(sequence),
                new EventId("evt_" + "a".repeat(25) + (char) ('a' + sequence)),
                SOURCE,
                sequence,
                "mailbox.paused",
                NOW,
                NOW,
                Optional.empty(),
                new EventData.Lifecycle(Optional.empty(), Map.of()));
    }

    private void takes(long sequence) {
        receiver.receive(event(sequence), false, ignored -> {});
        agenda.runUntil(agenda.now().plusSeconds(2));
    }

    @Test
    void what_never_came_is_a_fault() {
        takes(1);
        takes(3);
        assertThat(receiver.violations()).containsExactly(SOURCE + " 2 never came");
    }

    /// After thirty days; it is reported, and counted.
    @Test
    void but_not_what_a_sink_was_too_far_behind_for() {
        takes(1);
        receiver.mayExpire(event(1));
        receiver.mayExpire(event(2));
        takes(3);
        takes(5);
        assertThat(receiver.violations()).containsExactly(SOURCE + " 4 never came");
    }
}
