package dev.tidemark.ews.message;

import static dev.tidemark.ews.SoapText.bytes;
import static dev.tidemark.ews.SoapText.envelope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.ews.SoapText;
import dev.tidemark.ews.message.EwsCall.CreateMessage;
import dev.tidemark.ews.message.EwsCall.DeleteItem;
import dev.tidemark.ews.message.EwsCall.DeletedItem;
import dev.tidemark.ews.message.EwsCall.ExpandGroup;
import dev.tidemark.ews.message.EwsCall.FindFolder;
import dev.tidemark.ews.message.EwsCall.GetEvents;
import dev.tidemark.ews.message.EwsCall.ResolveNames;
import dev.tidemark.ews.message.EwsCall.SyncFolderHierarchy;
import dev.tidemark.ews.message.EwsError.ResubscribeAndResync;
import dev.tidemark.ews.message.EwsError.RetryAfter;
import dev.tidemark.ews.message.EwsResult.Refused;
import dev.tidemark.ews.message.EwsResult.Success;
import dev.tidemark.ews.message.HierarchyPage.FolderChange;
import dev.tidemark.ews.message.NameResolutions.Candidate;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MailboxEvent.StatusEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallAnswerTest {
    private static final GetEvents PULL = new GetEvents(new SubscriptionId("sub-1"), new Watermark("wm-0"));
    private static final SyncFolderHierarchy HIERARCHY = new SyncFolderHierarchy(Optional.empty(), Optional.empty());
    private static final ExpandGroup SALES = new ExpandGroup(new MailboxAddress("sales@example.com"));
    private static final CreateMessage CREATE = new CreateMessage(new FolderRef.Distinguished("inbox"), "subject");
    private static final ResolveNames ADA = new ResolveNames("ada");

    private final ReadAnswers reader = new ReadAnswers();

    @Test
    void a_busy_pull_names_its_wait() throws Exception {
        var body = error("GetEvents", "ErrorServerBusy", """
                <m:MessageXml><t:Value Name='BackOffMilliseconds'>3000</t:Value></m:MessageXml>""");

        assertThat(reader.read(PULL, body))
                .isEqualTo(new Refused<>(new RetryAfter(
                        new ResponseCode("ErrorServerBusy"), "Words.", Optional.of(Duration.ofSeconds(3)))));
    }

    @Test
    void a_wrapped_error_of_a_pull_is_unwrapped() throws Exception {
        var body = error("GetEvents", "ErrorInternalServerError", """
                <m:MessageXml><t:Value Name='InnerErrorResponseCode'>ErrorEventNotFound</t:Value></m:MessageXml>""");

        assertThat(reader.read(PULL, body))
                .isEqualTo(new Refused<>(new ResubscribeAndResync(new ResponseCode("ErrorEventNotFound"), "Words.")));
    }

    @Test
    void a_pull_without_news_is_a_heartbeat() throws Exception {
        var body = success(
                "GetEvents",
                "<m:Notification><t:SubscriptionId>sub-1</t:SubscriptionId>"
                        + "<t:PreviousWatermark>wm-0</t:PreviousWatermark><t:MoreEvents>false</t:MoreEvents>"
                        + SoapText.heartbeat("wm-1") + "</m:Notification>");

        assertThat(reader.read(PULL, body))
                .isEqualTo(new Success<>(new Notification(
                        new SubscriptionId("sub-1"),
                        Optional.of(new Watermark("wm-0")),
                        false,
                        List.of(new StatusEvent(Optional.of(new Watermark("wm-1")))))));
    }

    @Test
    void a_pull_that_succeeds_without_a_notification_is_none() {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> reader.read(PULL, success("GetEvents", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Folder", "CalendarFolder", "ContactsFolder", "SearchFolder", "TasksFolder"})
    void a_folder_of_any_kind_is_a_folder(String kind) throws Exception {
        var body = success(
                "SyncFolderHierarchy",
                "<m:SyncState>s</m:SyncState><m:Changes><t:Create><t:" + kind + "><t:FolderId Id='f'/></t:" + kind
                        + "></t:Create></m:Changes>");

        var page = ((Success<HierarchyPage>) reader.read(HIERARCHY, body)).value();

        assertThat(page.last()).isFalse();
        assertThat(page.changes())
                .containsExactly(new FolderChange.Created(new FolderSummary(
                        FolderId.of("f"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty())));
    }

    @ParameterizedTest
    @CsvSource({"IndexedPagingOffset='12', 12", "IndexedPagingOffset='3', 11", "A='', 11"})
    void a_listing_goes_on_behind_what_it_told(String told, int next) throws Exception {
        var find = new FindFolder(new FolderRef.Distinguished("inbox"), true, 10, 1);
        var body = success(
                "FindFolder",
                "<m:RootFolder TotalItemsInView='30' IncludesLastItemInRange='false' " + told
                        + "><t:Folders><t:Folder><t:FolderId Id='f'/></t:Folder></t:Folders></m:RootFolder>");

        var listing = ((Success<FolderListing>) reader.read(find, body)).value();

        assertThat(listing.total()).hasValue(30);
        assertThat(listing.nextOffset()).hasValue(next);
    }

    /// The reader detects a repeated page; Exchange would refuse a negative number.
    @Test
    void a_listing_never_goes_on_below_zero() throws Exception {
        var find = new FindFolder(new FolderRef.Distinguished("inbox"), true, Integer.MAX_VALUE, 1);
        var body = success(
                "FindFolder",
                "<m:RootFolder IndexedPagingOffset='2147483647' IncludesLastItemInRange='false'>"
                        + "<t:Folders><t:Folder><t:FolderId Id='f'/></t:Folder></t:Folders></m:RootFolder>");

        var listing = ((Success<FolderListing>) reader.read(find, body)).value();

        assertThat(listing.nextOffset()).hasValue(Integer.MAX_VALUE);
    }

    @Test
    void an_empty_listing_is_the_last_one() throws Exception {
        var find = new FindFolder(new FolderRef.Distinguished("inbox"), true, 10, 1);
        var body = success("FindFolder", "<m:RootFolder TotalItemsInView='30' IncludesLastItemInRange='false'/>");

        assertThat(reader.read(find, body))
                .isEqualTo(new Success<>(new FolderListing(List.of(), OptionalInt.of(30), OptionalInt.empty())));
    }

    @Test
    void several_people_of_a_name_come_with_a_warning() throws Exception {
        var body = bytes(response("ResolveNames", """
                <m:ResolveNamesResponseMessage ResponseClass='Warning'><m:MessageText>Several.</m:MessageText>
                <m:ResponseCode>ErrorNameResolutionMultipleResults</m:ResponseCode>
                <m:ResolutionSet TotalItemsInView='2' IncludesLastItemInRange='false'>
                <t:Resolution><t:Mailbox><t:Name>Ada</t:Name><t:EmailAddress>ada@example.com</t:EmailAddress>
                <t:RoutingType>SMTP</t:RoutingType><t:MailboxType>Mailbox</t:MailboxType></t:Mailbox></t:Resolution>
                <t:Resolution><t:Mailbox><t:EmailAddress>ada2@example.com</t:EmailAddress></t:Mailbox></t:Resolution>
                </m:ResolutionSet></m:ResolveNamesResponseMessage>"""));

        assertThat(reader.read(ADA, body))
                .isEqualTo(new Success<>(new NameResolutions(
                        List.of(
                                new Candidate(
                                        Optional.of("Ada"),
                                        "ada@example.com",
                                        Optional.of("SMTP"),
                                        Optional.of("Mailbox")),
                                new Candidate(
                                        Optional.empty(), "ada2@example.com", Optional.empty(), Optional.empty())),
                        false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ErrorNameResolutionNoResults", "ErrorNameResolutionNoMailbox"})
    void no_match_of_a_name_is_a_result(String code) throws Exception {
        assertThat(reader.read(ADA, error("ResolveNames", code, "")))
                .isEqualTo(new Success<>(new NameResolutions(List.of(), true)));
    }

    @Test
    void a_group_has_mailboxes_and_groups_as_members() throws Exception {
        var body = success("ExpandDL", """
                <m:DLExpansion TotalItemsInView='2' IncludesLastItemInRange='true'>
                <t:Mailbox><t:Name>Ada</t:Name><t:EmailAddress>ada@example.com</t:EmailAddress>
                <t:RoutingType>SMTP</t:RoutingType><t:MailboxType>Mailbox</t:MailboxType></t:Mailbox>
                <t:Mailbox><t:Name>North</t:Name><t:EmailAddress>north@example.com</t:EmailAddress>
                <t:RoutingType>SMTP</t:RoutingType><t:MailboxType>PublicDL</t:MailboxType></t:Mailbox>
                </m:DLExpansion>""");

        assertThat(reader.read(SALES, body))
                .isEqualTo(new Success<>(new NameResolutions(
                        List.of(
                                new Candidate(
                                        Optional.of("Ada"),
                                        "ada@example.com",
                                        Optional.of("SMTP"),
                                        Optional.of("Mailbox")),
                                new Candidate(
                                        Optional.of("North"),
                                        "north@example.com",
                                        Optional.of("SMTP"),
                                        Optional.of("PublicDL"))),
                        true)));
    }

    @Test
    void a_group_that_the_directory_does_not_know_is_an_error() throws Exception {
        assertThat(reader.read(SALES, error("ExpandDL", "ErrorNameResolutionNoResults", "")))
                .isInstanceOf(Refused.class);
    }

    @Test
    void a_created_message_is_its_id() throws Exception {
        var body = success("CreateItem", "<m:Items><t:Message><t:ItemId Id='i' ChangeKey='k'/></t:Message></m:Items>");

        assertThat(reader.read(CREATE, body)).isEqualTo(new Success<>(new ItemId("i", Optional.of("k"))));
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> reader.read(CREATE, success("CreateItem", "<m:Items/>")));
        assertThat(reader.read(CREATE, error("CreateItem", "ErrorSavedItemFolderNotFound", "")))
                .isInstanceOf(Refused.class);
    }

    @Test
    void an_item_that_is_removed_is_gone() throws Exception {
        var delete = new DeleteItem(ItemId.of("i"));
        assertThat(reader.read(delete, success("DeleteItem", ""))).isEqualTo(new Success<>(new DeletedItem()));
        assertThat(reader.read(delete, error("DeleteItem", "ErrorItemNotFound", "")))
                .isInstanceOf(Refused.class);
    }

    @Test
    void a_server_that_cannot_resolve_now_is_asked_later() throws Exception {
        assertThat(reader.read(ADA, error("ResolveNames", "ErrorADUnavailable", "")))
                .isEqualTo(new Refused<>(
                        new RetryAfter(new ResponseCode("ErrorADUnavailable"), "Words.", Optional.empty())));
    }

    private static byte[] success(String operation, String parts) {
        return bytes(response(
                operation,
                "<m:" + operation + "ResponseMessage ResponseClass='Success'><m:ResponseCode>NoError</m:ResponseCode>"
                        + parts + "</m:" + operation + "ResponseMessage>"));
    }

    private static byte[] error(String operation, String code, String parts) {
        return bytes(response(
                operation,
                "<m:" + operation + "ResponseMessage ResponseClass='Error'><m:MessageText>Words.</m:MessageText>"
                        + "<m:ResponseCode>" + code + "</m:ResponseCode>" + parts + "</m:" + operation
                        + "ResponseMessage>"));
    }

    private static String response(String operation, String messages) {
        return envelope("<m:" + operation + "Response><m:ResponseMessages>" + messages + "</m:ResponseMessages></m:"
                + operation + "Response>");
    }
}
