package dev.tidemark.subscriber.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.subscriber.FakeExchange;
import dev.tidemark.subscriber.connection.FaultAttribution.Fault;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultAttributionTest {
    private static final MailboxAddress ADA_ADDRESS = new MailboxAddress("ada@example.com");
    private static final MailboxAddress EVE_ADDRESS = new MailboxAddress("eve@example.com");
    private static final Optional<MailboxAddress> ADA = Optional.of(ADA_ADDRESS);
    private static final Optional<MailboxAddress> EVE = Optional.of(EVE_ADDRESS);
    private static final Optional<MailboxAddress> BOB = Optional.of(new MailboxAddress("bob@example.com"));
    private static final EwsError FORBIDDEN = permanent("Http403");

    private FaultAttribution attribution = new FaultAttribution("onprem", new ConnectionNeighbors());

    @Test
    void one_mailbox_of_several_decides_nothing_however_often_it_is_refused() {
        assertThat(refused(ADA)).isEqualTo(Fault.UNDECIDED);
        assertThat(refused(ADA)).isEqualTo(Fault.UNDECIDED);
    }

    @Test
    void two_mailboxes_without_a_success_between_them_speak_for_the_connection() {
        refused(ADA);
        assertThat(refused(EVE)).isEqualTo(Fault.CONNECTION);
        assertThat(refused(ADA)).isEqualTo(Fault.CONNECTION);
    }

    @Test
    void a_timeout_of_one_mailbox_does_not_confirm_a_refusal_of_another() {
        var timeout = FakeExchange.error("ConnectionTimeout");
        attribution.recordRefusal(ADA, timeout);
        assertThat(refused(EVE)).isEqualTo(Fault.UNDECIDED);
        assertThat(attribution.recordRefusal(BOB, timeout)).isEqualTo(Fault.CONNECTION);
        // the latest refusal of a mailbox counts
        assertThat(refused(ADA)).isEqualTo(Fault.CONNECTION);
    }

    @Test
    void a_success_of_another_mailbox_shows_whose_fault_it_is() {
        refused(ADA);
        attribution.recordSuccess(EVE);
        assertThat(refused(ADA)).isEqualTo(Fault.MAILBOX);
        // a mailbox that fails alone does not count
        assertThat(refused(BOB)).isEqualTo(Fault.UNDECIDED);
        assertThat(refused(EVE)).isEqualTo(Fault.CONNECTION);
        assertThat(refused(ADA)).isEqualTo(Fault.MAILBOX);
    }

    @Test
    void a_success_of_the_mailbox_itself_ends_its_record() {
        refused(ADA);
        attribution.recordSuccess(ADA);
        assertThat(refused(EVE)).isEqualTo(Fault.UNDECIDED);
        attribution.recordSuccess(BOB);
        attribution.recordSuccess(EVE);
        assertThat(refused(EVE)).isEqualTo(Fault.UNDECIDED);
    }

    @Test
    void the_only_mailbox_speaks_for_the_connection() {
        attribution = new FaultAttribution("onprem", ConnectionNeighbors.only(ADA_ADDRESS));
        assertThat(refused(ADA)).isEqualTo(Fault.CONNECTION);
    }

    @Test
    void so_does_the_last_one_that_did_not_fail_alone() {
        attribution = new FaultAttribution("onprem", ConnectionNeighbors.only(ADA_ADDRESS, EVE_ADDRESS));
        refused(ADA);
        attribution.recordSuccess(EVE);
        assertThat(refused(EVE)).isEqualTo(Fault.CONNECTION);
    }

    @Test
    void a_request_that_concerns_no_mailbox_is_a_witness_like_another() {
        assertThat(refused(Optional.empty())).isEqualTo(Fault.UNDECIDED);
        assertThat(refused(ADA)).isEqualTo(Fault.CONNECTION);
        attribution.recordSuccess(EVE);
        assertThat(refused(Optional.empty())).isEqualTo(Fault.MAILBOX);
    }

    @Test
    void what_fails_before_the_server_knows_the_mailbox_needs_no_second_witness() {
        assertThat(attribution.recordRefusal(ADA, FakeExchange.error("ConnectionRefused")))
                .isEqualTo(Fault.CONNECTION);
        assertThat(attribution.recordRefusal(EVE, permanent("ConnectionUntrusted")))
                .isEqualTo(Fault.CONNECTION);
        assertThat(new FaultAttribution("onprem", new ConnectionNeighbors())
                        .recordRefusal(ADA, FakeExchange.error("ConnectionTimeout")))
                .isEqualTo(Fault.UNDECIDED);
    }

    @Test
    void mailboxes_that_had_failed_before_the_start_are_no_witnesses_after_it() {
        attribution = new FaultAttribution(
                "onprem",
                new ConnectionNeighbors(
                        Set.of(ADA_ADDRESS, EVE_ADDRESS, new MailboxAddress("bob@example.com")),
                        Set.of(ADA_ADDRESS, EVE_ADDRESS)));
        assertThat(refused(ADA)).isEqualTo(Fault.MAILBOX);
        assertThat(refused(EVE)).isEqualTo(Fault.MAILBOX);
        assertThat(refused(BOB)).isEqualTo(Fault.CONNECTION);
    }

    private Fault refused(Optional<MailboxAddress> mailbox) {
        return attribution.recordRefusal(mailbox, FORBIDDEN);
    }

    private static EwsError permanent(String code) {
        return new EwsError.PermanentForConnection(new ResponseCode(code), code);
    }
}
