package dev.tidemark.subscriber;

import static dev.tidemark.subscriber.SubscriberTestBed.ADA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsRequest.SyncFolderItems;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ResponseCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks mailboxes with unreadable folders. The inbox, where mail was missed, is the last folder.
final class UnreadableFolderTest {
    private static final List<String> FOLDERS = List.of("drafts", "outbox", "sentitems", "junkemail", "inbox");

    @TempDir
    private Path folder;

    private SubscriberTestBed testBed;
    private FakeExchange exchange;
    private MailboxId ada;

    @BeforeEach
    void subscribed_and_then_deaf() {
        testBed = new SubscriberTestBed(folder, FOLDERS, ChangeKind.NEW_MAIL);
        exchange = testBed.exchange;
        ada = testBed.enrol(ADA);
        testBed.subscriber.subscribe(ada, SubscribeReason.INITIAL);
        exchange.forgetSubscriptions();
        exchange.refuseWatermarks(true);
        testBed.clock.advance(Duration.ofHours(1));
        exchange.folder(ADA).receive("missed");
    }

    @AfterEach
    void close() {
        testBed.close();
    }

    private void refuse(Set<String> folders, EwsError error) {
        exchange.refusal = request -> named(request).filter(folders::contains).map(name -> error);
    }

    private static Optional<String> named(EwsRequest<?> request) {
        return request instanceof SyncFolderItems(FolderRef.Distinguished(var name), var state, var maxChanges)
                ? Optional.of(name)
                : Optional.empty();
    }

    private List<String> read() {
        return exchange.requests(SyncFolderItems.class).stream()
                .flatMap(request -> named(request).stream())
                .distinct()
                .toList();
    }

    private SubscriptionOutcome resync() {
        return testBed.subscriber.subscribe(ada, SubscribeReason.ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CursorWithoutProgress",
                "HttpDamagedMessage",
                "HttpTooLarge",
                "ErrorInternalServerError",
                "ErrorTimeoutExpired"
            })
    void the_folders_behind_one_are_read_in_the_same_run(String code) {
        refuse(Set.of("drafts"), FakeExchange.error(code));

        assertThat(resync())
                .isInstanceOfSatisfying(
                        SubscriptionOutcome.RetryAt.class,
                        retry -> assertThat(retry.code()).isEqualTo(code));

        assertThat(testBed.messages()).containsExactly("message.received missed");
        assertThat(testBed.mailbox(ada).state()).isEqualTo(new MailboxState.Resyncing());
        assertThat(testBed.mailbox(ada).lastError().orElse("")).contains(code);
        assertThat(testBed.journal()).doesNotContain("mailbox.resync.completed");
    }

    @Test
    void a_sync_state_that_stays_refused_is_of_its_folder() {
        refuse(
                Set.of("drafts"),
                new EwsError.DropSyncState(new ResponseCode("ErrorInvalidSyncStateData"), "It is corrupted."));
        assertThat(resync()).isInstanceOf(SubscriptionOutcome.RetryAt.class);
        assertThat(testBed.messages()).containsExactly("message.received missed");
    }

    @Test
    void the_resync_is_complete_once_the_folder_can_be_read_and_repeats_nothing() {
        refuse(Set.of("drafts"), FakeExchange.error("HttpDamagedMessage"));
        resync();
        refuse(Set.of(), FakeExchange.timeout());

        assertThat(testBed.subscriber.resync(ada, SubscribeReason.ERROR))
                .isInstanceOf(SubscriptionOutcome.Resynced.class);

        assertThat(testBed.messages()).containsExactly("message.received missed");
        assertThat(testBed.mailbox(ada).state()).isEqualTo(new MailboxState.Active());
    }

    @Test
    void several_folders_count_as_one_failure() {
        refuse(Set.of("drafts", "outbox", "sentitems", "junkemail"), FakeExchange.error("HttpDamagedMessage"));
        var one = resync();
        assertThat(testBed.messages()).containsExactly("message.received missed");

        assertThat(one)
                .isInstanceOfSatisfying(
                        SubscriptionOutcome.RetryAt.class,
                        retry -> assertThat(retry.at())
                                .isBefore(testBed.clock.instant().plusSeconds(4)));
    }

    @Test
    void a_poll_reads_the_folders_behind_one_and_is_not_called_complete() {
        var next = new PendingCompensation(SubscribeReason.SILENCE, testBed.clock.instant(), false, "silence");
        testBed.store.subscriptions().recordLoss(ada, "silence", next);
        testBed.store.fallbacks().degrade(ada, "poll");
        refuse(Set.of("drafts"), FakeExchange.error("CursorWithoutProgress"));

        assertThat(testBed.subscriber.poll(ada).interruption()).containsInstanceOf(SubscriptionOutcome.RetryAt.class);

        assertThat(testBed.messages()).containsExactly("message.received missed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ErrorServerBusy",
                "ErrorMailboxStoreUnavailable",
                "HttpUnreadable",
                "Http503",
                "ConnectionTimeout"
            })
    void a_refusal_that_is_not_of_the_folder_ends_the_run(String code) {
        refuse(Set.copyOf(FOLDERS), FakeExchange.error(code));
        assertThat(resync()).isInstanceOf(SubscriptionOutcome.RetryAt.class);
        assertThat(read()).containsExactly("drafts");
    }

    @Test
    void an_exchange_that_fails_for_three_folders_in_a_row_is_asked_for_no_more() {
        refuse(Set.copyOf(FOLDERS), FakeExchange.error("ErrorInternalServerError"));
        assertThat(resync()).isInstanceOf(SubscriptionOutcome.RetryAt.class);
        assertThat(read()).containsExactly("drafts", "outbox", "sentitems");
    }
}
