package dev.tidemark.benchmarks.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MailboxPopulationTest {
    @Test
    void a_mailbox_says_nothing_more_until_it_is_answered() {
        var both = MailboxPopulation.anonymous(2);
        assertThat(both.acquire()).isZero();
        assertThat(both.acquire()).isEqualTo(1);
        assertThat(both.hasFree()).isFalse();
        both.release(1, true);
        assertThat(both.acquire()).isEqualTo(1);
        assertThat(both.next(1)).isEqualTo(2);
    }

    @Test
    void what_was_refused_is_said_again() {
        var one = MailboxPopulation.anonymous(1);
        one.release(one.acquire(), false);
        assertThat(one.next(one.acquire())).isEqualTo(1);
    }
}
