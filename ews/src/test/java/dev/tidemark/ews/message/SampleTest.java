package dev.tidemark.ews.message;

import static dev.tidemark.ews.message.EwsRequests.SUBSCRIBE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.EwsSchemaChecker;
import dev.tidemark.ews.SharedSamples;
import dev.tidemark.ews.SoapText;
import dev.tidemark.ews.codec.NotificationCodec;
import dev.tidemark.ews.message.EwsCall.FindFolder;
import dev.tidemark.ews.message.EwsCall.GetEvents;
import dev.tidemark.ews.message.EwsCall.SubscribePull;
import dev.tidemark.ews.message.EwsCall.SubscribeStreaming;
import dev.tidemark.ews.message.EwsCall.SyncFolderHierarchy;
import dev.tidemark.ews.message.EwsError.DropSyncState;
import dev.tidemark.ews.message.EwsError.PermanentForConnection;
import dev.tidemark.ews.message.EwsError.PermanentForMailbox;
import dev.tidemark.ews.message.EwsError.ResubscribeFromWatermark;
import dev.tidemark.ews.message.EwsError.RetryAfter;
import dev.tidemark.ews.message.EwsRequest.GetFolder;
import dev.tidemark.ews.message.EwsRequest.GetItem;
import dev.tidemark.ews.message.EwsRequest.SyncFolderItems;
import dev.tidemark.ews.message.EwsRequest.Unsubscribe;
import dev.tidemark.ews.message.EwsRequest.UnsubscribeResult;
import dev.tidemark.ews.message.EwsResult.Refused;
import dev.tidemark.ews.message.EwsResult.Success;
import dev.tidemark.ews.message.HierarchyPage.FolderChange;
import dev.tidemark.ews.message.SyncPage.SyncChange;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxEvent.ChangeEvent;
import dev.tidemark.values.MailboxEvent.StatusEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.SyncState;
import dev.tidemark.values.Watermark;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Reads bodies that other projects captured or documented, and expects the meaning that they describe.
class SampleTest {
    private static final Unsubscribe UNSUBSCRIBE = new Unsubscribe(new SubscriptionId("s"));
    private static final GetFolder INBOX = new GetFolder(List.of(new FolderRef.Distinguished("inbox")));
    private static final SyncFolderItems SYNC =
            new SyncFolderItems(new FolderRef.Distinguished("inbox"), Optional.empty(), 512);

    private static final SubscribePull PULL =
            new SubscribePull(SUBSCRIBE.folders(), SUBSCRIBE.events(), Optional.empty(), Duration.ofMinutes(10));
    private static final SubscribeStreaming STREAMING = new SubscribeStreaming(SUBSCRIBE.folders(), SUBSCRIBE.events());
    private static final GetEvents PULLED =
            new GetEvents(new SubscriptionId("s"), new Watermark("AAAAAMAGAAAAAAAAAQ=="));
    private static final SyncFolderHierarchy HIERARCHY = new SyncFolderHierarchy(Optional.empty(), Optional.empty());
    private static final FindFolder FIND = new FindFolder(new FolderRef.Distinguished("inbox"), false, 0, 100);

    private final ReadAnswers reader = new ReadAnswers();
    private final NotificationCodec codec = new NotificationCodec();

    @Test
    void push_subscription() throws Exception {
        assertThat(read(SUBSCRIBE, "resp_subscribe_push_ok.xml"))
                .isEqualTo(
                        subscribed("83826921-afdf-48be-b469-628cc02b5f49", "AQAAAOpvG0LURVdOhQkPOWZLPcI8EgAAAAAAAAE="));
    }

    @Test
    void pull_subscription() throws Exception {
        assertThat(read(PULL, "resp_subscribe_pull_ok.xml"))
                .isEqualTo(subscribed("39ea5d0f-f062-455e-a1e9-89c0304390f4", "AAAAAHgGAAAAAAAAAQ=="));
    }

    @Test
    void streaming_subscription() throws Exception {
        assertThat(read(STREAMING, "resp_subscribe_streaming_affinity.xml"))
                .isEqualTo(new Success<>(new SubscribeResult(
                        new SubscriptionId(
                                "JgBjbzFwcjA2bWIyMjIubmFtcHJkMDYucHJvZC5vdXRsb29rLmNvbRAAAAAUeGk+7JFdSaFM8/NI/gQQpVdgZX6H0Ag="),
                        Optional.empty())));
    }

    @Test
    void subscription_for_a_delegate() throws Exception {
        assertThat(read(SUBSCRIBE, "resp_subscribe_error_delegate.xml"))
                .isEqualTo(new Refused<>(new PermanentForMailbox(
                        new ResponseCode("ErrorSubscriptionDelegateAccessNotSupported"),
                        "Subscriptions are not supported for delegate user access.")));
    }

    @Test
    void ended_subscription() throws Exception {
        assertThat(read(UNSUBSCRIBE, "resp_unsubscribe_ok.xml")).isEqualTo(new Success<>(new UnsubscribeResult()));
    }

    @Test
    void end_of_an_unknown_subscription() throws Exception {
        assertThat(read(UNSUBSCRIBE, "resp_unsubscribe_notfound.xml"))
                .isEqualTo(new Refused<>(new ResubscribeFromWatermark(
                        new ResponseCode("ErrorSubscriptionNotFound"), "The specified subscription was not found.")));
    }

    @Test
    void changes_with_a_meeting_request() throws Exception {
        assertThat(page("resp_syncfolderitems_ok.xml"))
                .isEqualTo(new SyncPage(
                        new SyncState("H4sIAAAAA="),
                        true,
                        List.of(new SyncChange.Created(new ItemSummary(
                                new ItemId("AQApAHRwA==", Optional.of("CwAAABYA")),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                false)))));
    }

    @Test
    void first_page_of_a_folder() throws Exception {
        var page = page("resp_syncfolderitems_initial.xml");

        assertThat(page.state()).isEqualTo(new SyncState("H4sIAAA=="));
        assertThat(page.last()).isTrue();
        assertThat(page.changes())
                .map(change -> ((SyncChange.Created) change).item().id().id())
                .containsExactly("q04QAAAA==", "q07AAAAA==", "q1AwAAAA==", "AAMkADBh==", "AAMkADBh==");
    }

    @Test
    void later_page_of_a_folder() throws Exception {
        var page = page("resp_syncfolderitems_ongoing.xml");

        assertThat(page.changes().getFirst())
                .isEqualTo(new SyncChange.Updated(new ItemSummary(
                        new ItemId("q04QAAAA==", Optional.of("CQAAABYAAADZGACZQpSgSpyNkexYe2b7AAAAird/")),
                        Optional.of(new FolderId(" AgENAAAA", Optional.of("AQAAAA=="))),
                        Optional.of(Instant.parse("2013-08-29T15:22:10Z")),
                        Optional.of(Instant.parse("2013-08-28T04:07:38Z")),
                        Optional.of(Instant.parse("2013-08-28T16:53:35Z")),
                        Optional.of("IPM.Note"),
                        false)));
    }

    @Test
    void refused_sync_state() throws Exception {
        assertThat(read(SYNC, "resp_syncfolderitems_error_invalidsyncstate.xml"))
                .isEqualTo(new Refused<>(new DropSyncState(
                        new ResponseCode("ErrorInvalidSyncStateData"),
                        "Synchronization state data is corrupt or otherwise invalid.")));
    }

    @Test
    void refused_item() throws Exception {
        assertThat(read(new GetItem(List.of(ItemId.of("i"))), "resp_getitem_error.xml"))
                .isEqualTo(new Success<>(List.of(new ItemResult.Refused(
                        new ResponseCode("ErrorInvalidPropertyRequest"),
                        "Property is not valid for this object type."))));
    }

    @Test
    void found_folder() throws Exception {
        assertThat(read(INBOX, "resp_getfolder_ok.xml"))
                .isEqualTo(new Success<>(List.of(new FolderResult.Found(
                        new FolderId("AQApA=", Optional.of("AQAAAB")), "Inbox", OptionalInt.of(2)))));
    }

    @Test
    void refused_folder() throws Exception {
        assertThat(read(INBOX, "resp_getfolder_error.xml"))
                .isEqualTo(new Success<>(List.of(
                        new FolderResult.Refused(new ResponseCode("ErrorInvalidIdMalformed"), "Id is malformed."))));
    }

    @Test
    void busy_server() throws Exception {
        assertThat(read(SUBSCRIBE, "fault_servererrorbusy_backoff.xml"))
                .isEqualTo(new Refused<>(new RetryAfter(
                        new ResponseCode("ErrorServerBusy"),
                        "The server cannot service this request right now. Try again later.",
                        Optional.of(Duration.ofMillis(297_749)))));
    }

    @Test
    void invalid_request() throws Exception {
        assertThat(read(SUBSCRIBE, "fault_schemavalidation.xml"))
                .isEqualTo(new Refused<>(new PermanentForConnection(new ResponseCode("ErrorSchemaValidation"), "YYY")));
    }

    @Test
    void heartbeat() throws Exception {
        assertThat(codec.decode(SharedSamples.sample("push_status_exchangelib_test.xml"))
                        .messages())
                .containsExactly(new Notification(
                        new SubscriptionId("XXXXX="),
                        Optional.of(new Watermark("AAAAA=")),
                        false,
                        List.of(new StatusEvent(Optional.of(new Watermark("BBBBB="))))));
    }

    @Test
    void refused_events() throws Exception {
        assertThat(read(PULLED, "resp_getevents_error.xml"))
                .isEqualTo(new Refused<>(new PermanentForMailbox(
                        new ResponseCode("ErrorSubscriptionAccessDenied"),
                        "Access is denied. Only the subscription owner may access the subscription.")));
    }

    @Test
    void hierarchy_with_a_new_folder() throws Exception {
        assertThat(read(HIERARCHY, "resp_syncfolderhierarchy_ok.xml"))
                .isEqualTo(new Success<>(new HierarchyPage(
                        new SyncState("H4sIAAA=="),
                        true,
                        List.of(new FolderChange.Created(new FolderSummary(
                                new FolderId("AQApAHR=", Optional.of("AQAAABY")),
                                Optional.of(new FolderId("AQApA=", Optional.of("AQAAAA=="))),
                                Optional.of("NewFolder"),
                                Optional.of("IPF.Note"),
                                OptionalInt.of(0),
                                OptionalInt.of(0)))))));
    }

    @Test
    void first_hierarchy() throws Exception {
        // its author left out the other folders with an ellipsis, which no server sends
        var body = new String(SharedSamples.sample("resp_syncfolderhierarchy_initial.xml"), StandardCharsets.UTF_8)
                .replace("...", "");

        assertThat(((Success<HierarchyPage>) reader.read(HIERARCHY, SoapText.bytes(body)))
                        .value()
                        .changes())
                .map(change -> ((FolderChange.Created) change).folder().id().id())
                .containsExactly("AAMkADM=", "AAMkADMzM=", "AAMkAD/AAA=", "AAMkADBh=");
    }

    @Test
    void later_hierarchy() throws Exception {
        var changes = hierarchy("resp_syncfolderhierarchy_ongoing.xml").changes();

        assertThat(changes).hasSize(3);
        assertThat(changes.get(0)).isInstanceOfSatisfying(FolderChange.Updated.class, updated -> {
            assertThat(updated.folder().displayName()).contains("Meeting Notes");
            assertThat(updated.folder().totalCount()).hasValue(3);
        });
        assertThat(changes.get(1)).isInstanceOf(FolderChange.Created.class);
        assertThat(changes.get(2))
                .isEqualTo(new FolderChange.Deleted(new FolderId("AAMkAD/AAA=", Optional.of("AQAAAA=="))));
    }

    @Test
    void refused_hierarchy_state() throws Exception {
        assertThat(read(HIERARCHY, "resp_syncfolderhierarchy_error.xml"))
                .isEqualTo(new Refused<>(new DropSyncState(
                        new ResponseCode("ErrorInvalidSyncStateData"),
                        "Synchronization state data is corrupted or otherwise invalid.")));
    }

    @Test
    void listed_folders() throws Exception {
        assertThat(read(FIND, "resp_findfolder_ok.xml"))
                .isEqualTo(new Success<>(new FolderListing(
                        List.of(new FolderSummary(
                                new FolderId("AQAnAH", Optional.of("AQAAABY")),
                                Optional.empty(),
                                Optional.of("TestFolder"),
                                Optional.empty(),
                                OptionalInt.of(0),
                                OptionalInt.of(0))),
                        OptionalInt.of(1),
                        OptionalInt.empty())));
    }

    @Test
    void refused_listing() throws Exception {
        assertThat(read(FIND, "resp_findfolder_toomanyobjectsopened.xml"))
                .isEqualTo(new Refused<>(new RetryAfter(
                        new ResponseCode("ErrorTooManyObjectsOpened"),
                        "Too many concurrent connections opened.",
                        Optional.empty())));
    }

    @Test
    void pulled_events() throws Exception {
        var notification = ((Success<Notification>) read(PULLED, "resp_getevents_ok.xml")).value();

        assertThat(notification).isEqualTo(asCallback("resp_getevents_ok.xml", "GetEvents"));
        assertThat(notification.subscriptionId()).isEqualTo(new SubscriptionId("f6bc657d-dde1-4f94-952d-143b95d6483d"));
        assertThat(notification.previousWatermark()).contains(new Watermark("AAAAAMAGAAAAAAAAAQ=="));
        assertThat(notification.lastWatermark()).contains(new Watermark("AAAAAOQGAAAAAAAAAQ=="));
        assertThat(notification.events())
                .map(event -> (ChangeEvent) event)
                .allSatisfy(event -> assertThat(event.kind()).isEqualTo(ChangeKind.NEW_MAIL))
                .map(ChangeEvent::target)
                .containsExactly(
                        new ItemId("AQApAHR", Optional.of("CQAAAA==")),
                        new ItemId("AQApAHRw", Optional.of("CQAAAA==")));
    }

    @Test
    void end_of_a_stream() throws Exception {
        assertThat(reader.readStreamed(SharedSamples.sample("resp_getstreamingevents_closed.xml")))
                .containsExactly(new EventsMessage(Optional.empty(), List.of(), List.of(), true));
    }

    @Test
    void refused_stream() throws Exception {
        assertThat(reader.readStreamed(SharedSamples.sample("resp_getstreamingevents_error.xml")))
                .containsExactly(new EventsMessage(
                        Optional.of(ProtocolError.of("ErrorInvalidSubscription", "")), List.of(), List.of(), true));
    }

    @Test
    void streamed_events() throws Exception {
        var notification = reader.readStreamed(SharedSamples.sample("resp_getstreamingevents_newmail_events.xml"))
                .getFirst()
                .notifications()
                .getFirst();

        assertThat(notification)
                .isEqualTo(asCallback("resp_getstreamingevents_newmail_events.xml", "GetStreamingEvents"));

        assertThat(notification.lastWatermark()).isEmpty();
        assertThat(notification.events())
                .map(event -> (ChangeEvent) event)
                .map(ChangeEvent::kind)
                .containsExactly(ChangeKind.CREATED, ChangeKind.NEW_MAIL, ChangeKind.MODIFIED);
        assertThat(notification.events().getLast()).isInstanceOfSatisfying(ChangeEvent.class, event -> {
            assertThat(event.target()).isInstanceOf(FolderId.class);
            assertThat(event.unreadCount()).hasValue(1);
        });
    }

    @ParameterizedTest
    @EnumSource(SubscriptionStatus.class)
    void our_answers_to_call_backs_keep_to_the_schema(SubscriptionStatus status) throws Exception {
        EwsSchemaChecker.assertValid(codec.encode(status));
    }

    private Notification asCallback(String sample, String operation) throws Exception {
        var body = new String(SharedSamples.sample(sample), StandardCharsets.UTF_8)
                .replace(operation + "ResponseMessage", "SendNotificationResponseMessage")
                .replace(operation + "Response", "SendNotification")
                .replaceAll("</?m:Notifications>", "");
        return (Notification) codec.decode(SoapText.bytes(body)).messages().getFirst();
    }

    private <R> EwsResult<R> read(EwsCall<R> request, String sample) throws Exception {
        return reader.read(request, SharedSamples.sample(sample));
    }

    private HierarchyPage hierarchy(String sample) throws Exception {
        return ((Success<HierarchyPage>) read(HIERARCHY, sample)).value();
    }

    private SyncPage page(String sample) throws Exception {
        return ((Success<SyncPage>) read(SYNC, sample)).value();
    }

    private static EwsResult<SubscribeResult> subscribed(String id, String watermark) {
        return new Success<>(new SubscribeResult(new SubscriptionId(id), Optional.of(new Watermark(watermark))));
    }
}
