package dev.tidemark.ews.codec;

import static dev.tidemark.ews.SoapText.bytes;
import static dev.tidemark.ews.SoapText.envelope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.ews.SoapText;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsNamespaces;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsRequest.GetFolder;
import dev.tidemark.ews.message.EwsRequest.GetItem;
import dev.tidemark.ews.message.EwsRequest.SyncFolderItems;
import dev.tidemark.ews.message.EwsRequest.Unsubscribe;
import dev.tidemark.ews.message.EwsRequest.UnsubscribeResult;
import dev.tidemark.ews.message.EwsRequests;
import dev.tidemark.ews.message.EwsResult.Refused;
import dev.tidemark.ews.message.EwsResult.Success;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.FolderResult;
import dev.tidemark.ews.message.ItemResult;
import dev.tidemark.ews.message.ItemSummary;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.ReadAnswers;
import dev.tidemark.ews.message.SyncPage;
import dev.tidemark.ews.message.SyncPage.SyncChange;
import dev.tidemark.values.CalendarItemDetail;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MessageDetail;
import dev.tidemark.values.MessageDetail.Correspondent;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.SyncState;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EwsResponseReaderTest {
    private static final SyncFolderItems SYNC =
            new SyncFolderItems(new FolderRef.Distinguished("inbox"), Optional.empty(), 512);
    private static final GetItem TWO_ITEMS = new GetItem(List.of(ItemId.of("a"), ItemId.of("b")));

    private final ReadAnswers reader = new ReadAnswers();

    @Test
    void reads_a_granted_subscription() throws Exception {
        var body = response("Subscribe", """
                <m:SubscribeResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>
                <m:SubscriptionId>sub-1</m:SubscriptionId><m:Watermark>wm-1</m:Watermark></m:SubscribeResponseMessage>""");

        assertThat(reader.read(EwsRequests.SUBSCRIBE, bytes(body)))
                .isEqualTo(new Success<>(
                        new SubscribeResult(new SubscriptionId("sub-1"), Optional.of(new Watermark("wm-1")))));
    }

    @Test
    void a_subscription_may_come_without_a_watermark_but_not_without_an_id() throws Exception {
        var body = response(
                "Subscribe",
                "<m:SubscribeResponseMessage ResponseClass='Success'>"
                        + "<m:SubscriptionId>sub-1</m:SubscriptionId></m:SubscribeResponseMessage>");

        assertThat(reader.read(EwsRequests.SUBSCRIBE, bytes(body)))
                .isEqualTo(new Success<>(new SubscribeResult(new SubscriptionId("sub-1"), Optional.empty())));
        malformed(EwsRequests.SUBSCRIBE, body.replace("sub-1", ""));
    }

    @Test
    void reads_an_ended_subscription() throws Exception {
        var body = response(
                "Unsubscribe",
                "<m:UnsubscribeResponseMessage ResponseClass='Success'>"
                        + "<m:ResponseCode>NoError</m:ResponseCode></m:UnsubscribeResponseMessage>");

        assertThat(reader.read(new Unsubscribe(new SubscriptionId("s")), bytes(body)))
                .isEqualTo(new Success<>(new UnsubscribeResult()));
    }

    @Test
    void reads_changes_of_every_kind_in_their_order() throws Exception {
        var body = response("SyncFolderItems", """
                <m:SyncFolderItemsResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>
                <m:SyncState>state-2</m:SyncState><m:IncludesLastItemInRange>false</m:IncludesLastItemInRange>
                <m:Changes>
                  <t:Create><t:Message><t:ItemId Id="1" ChangeKey="k"/><t:ParentFolderId Id="f"/>
                    <t:ItemClass>IPM.Note</t:ItemClass><t:DateTimeReceived>2026-03-01T10:00:00Z</t:DateTimeReceived>
                    <t:IsDraft>true</t:IsDraft><t:DateTimeCreated>2026-03-01T10:00:01Z</t:DateTimeCreated>
                    <t:LastModifiedTime>2026-03-01T10:00:02Z</t:LastModifiedTime></t:Message></t:Create>
                  <t:Delete><t:ItemId Id="2"/></t:Delete>
                  <t:Update><t:MeetingRequest><t:ItemId Id="3"/></t:MeetingRequest></t:Update>
                  <t:ReadFlagChange><t:ItemId Id="4"/><t:IsRead>true</t:IsRead></t:ReadFlagChange>
                  <t:Create><t:CalendarItem><t:ItemId Id="5"/></t:CalendarItem></t:Create>
                  <t:Renumber><t:ItemId Id="6"/></t:Renumber>
                </m:Changes></m:SyncFolderItemsResponseMessage>""");

        assertThat(reader.read(SYNC, bytes(body)))
                .isEqualTo(new Success<>(new SyncPage(
                        new SyncState("state-2"),
                        false,
                        List.of(
                                new SyncChange.Created(new ItemSummary(
                                        new ItemId("1", Optional.of("k")),
                                        Optional.of(FolderId.of("f")),
                                        Optional.of(Instant.parse("2026-03-01T10:00:00Z")),
                                        Optional.of(Instant.parse("2026-03-01T10:00:01Z")),
                                        Optional.of(Instant.parse("2026-03-01T10:00:02Z")),
                                        Optional.of("IPM.Note"),
                                        true)),
                                new SyncChange.Deleted(ItemId.of("2")),
                                new SyncChange.Updated(bare("3")),
                                new SyncChange.ReadFlagChanged(ItemId.of("4"), true),
                                new SyncChange.Created(bare("5"))))));
    }

    @Test
    void reads_a_page_without_changes() throws Exception {
        for (var changes : List.of("", "<m:Changes/>", "<m:Changes> </m:Changes>")) {
            var body = response(
                    "SyncFolderItems",
                    "<m:SyncFolderItemsResponseMessage ResponseClass='Success'>"
                            + "<m:SyncState>s</m:SyncState><m:IncludesLastItemInRange>true</m:IncludesLastItemInRange>"
                            + changes
                            + "</m:SyncFolderItemsResponseMessage>");

            assertThat(reader.read(SYNC, bytes(body)))
                    .isEqualTo(new Success<>(new SyncPage(new SyncState("s"), true, List.of())));
        }
    }

    @Test
    void a_sync_state_may_be_long() throws Exception {
        var state = "S".repeat(3_000_000);
        var body = response(
                "SyncFolderItems",
                "<m:SyncFolderItemsResponseMessage ResponseClass='Success'>" + "<m:SyncState>" + state
                        + "</m:SyncState></m:SyncFolderItemsResponseMessage>");

        assertThat(reader.read(SYNC, bytes(body)))
                .isInstanceOfSatisfying(
                        Success.class,
                        success -> assertThat(
                                        ((SyncPage) success.value()).state().value())
                                .isEqualTo(state));
    }

    @Test
    void reads_what_an_item_says_and_that_another_is_gone() throws Exception {
        var found = """
                <m:GetItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:Items>
                <t:Message><t:ItemId Id="a" ChangeKey="k"/><t:ItemClass>IPM.Note</t:ItemClass>
                <t:Subject>Tea &amp; toast</t:Subject><t:Sensitivity>Normal</t:Sensitivity>
                <t:DateTimeReceived>2026-03-01T10:00:00Z</t:DateTimeReceived><t:Size>4711</t:Size>
                <t:Categories><t:String>red</t:String><t:String>blue</t:String></t:Categories>
                <t:Importance>High</t:Importance><t:InReplyTo>&lt;x@example.com&gt;</t:InReplyTo>
                <t:DateTimeSent>2026-03-01T09:59:00Z</t:DateTimeSent><t:HasAttachments>false</t:HasAttachments>
                <t:ConversationId Id="conv"/><t:Preview>Shall we</t:Preview>
                <t:ToRecipients><t:Mailbox><t:Name>Bob</t:Name><t:EmailAddress>bob@example.com</t:EmailAddress>
                  <t:RoutingType>SMTP</t:RoutingType></t:Mailbox>
                  <t:Mailbox><t:EmailAddress>eve@example.com</t:EmailAddress></t:Mailbox></t:ToRecipients>
                <t:CcRecipients/><t:From><t:Mailbox><t:Name>Ada</t:Name></t:Mailbox></t:From>
                <t:InternetMessageId>&lt;y@example.com&gt;</t:InternetMessageId><t:IsRead>true</t:IsRead>
                </t:Message></m:Items></m:GetItemResponseMessage>""";
        var body = response("GetItem", found + error("GetItem", "ErrorItemNotFound", "Gone.", "<m:Items/>"));

        var detail = new MessageDetail(
                new ItemId("a", Optional.of("k")),
                Optional.of("IPM.Note"),
                Optional.of("Tea & toast"),
                Optional.of("<y@example.com>"),
                Optional.of("conv"),
                Optional.of(new Correspondent(Optional.of("Ada"), Optional.empty())),
                List.of(
                        new Correspondent(Optional.of("Bob"), Optional.of("bob@example.com")),
                        new Correspondent(Optional.empty(), Optional.of("eve@example.com"))),
                List.of(),
                List.of(),
                Optional.of(Instant.parse("2026-03-01T10:00:00Z")),
                Optional.of(Instant.parse("2026-03-01T09:59:00Z")),
                Optional.of(false),
                OptionalLong.of(4711),
                Optional.of("High"),
                Optional.of("Normal"),
                Optional.of(true),
                List.of("red", "blue"),
                Optional.of("<x@example.com>"),
                Optional.of("Shall we"),
                Optional.empty());
        assertThat(reader.read(TWO_ITEMS, bytes(body)))
                .isEqualTo(new Success<>(List.of(
                        new ItemResult.Found(detail),
                        new ItemResult.Refused(new ResponseCode("ErrorItemNotFound"), "Gone."))));
    }

    @Test
    void reads_what_a_calendar_item_says() throws Exception {
        var body = response("GetItem", """
                <m:GetItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:Items>
                <t:CalendarItem><t:ItemId Id="a"/><t:UID>uid-1</t:UID><t:Start>2026-03-02T08:00:00Z</t:Start>
                <t:End>2026-03-02T09:00:00Z</t:End><t:IsAllDayEvent>false</t:IsAllDayEvent>
                <t:Location>Room 2</t:Location><t:IsCancelled>true</t:IsCancelled>
                <t:Organizer><t:Mailbox><t:Name>Ada</t:Name></t:Mailbox></t:Organizer>
                </t:CalendarItem></m:Items></m:GetItemResponseMessage>""");

        var results =
                ((Success<List<ItemResult>>) reader.read(new GetItem(List.of(ItemId.of("a"))), bytes(body))).value();

        assertThat(((ItemResult.Found) results.getFirst()).message().appointment())
                .contains(new CalendarItemDetail(
                        Optional.of(Instant.parse("2026-03-02T08:00:00Z")),
                        Optional.of(Instant.parse("2026-03-02T09:00:00Z")),
                        Optional.of(false),
                        Optional.of(new Correspondent(Optional.of("Ada"), Optional.empty())),
                        Optional.of("Room 2"),
                        Optional.of("uid-1"),
                        Optional.of(true)));
    }

    @Test
    void items_that_are_all_gone_are_still_answers_but_a_busy_server_is_none() throws Exception {
        var gone = error("GetItem", "ErrorItemNotFound", "Gone.", "<m:Items/>");
        var busy = error("GetItem", "ErrorServerBusy", "Later.", "<m:Items/>");

        assertThat(reader.read(TWO_ITEMS, bytes(response("GetItem", gone + gone))))
                .isInstanceOf(Success.class);
        assertThat(reader.read(TWO_ITEMS, bytes(response("GetItem", gone + busy))))
                .isEqualTo(new Refused<>(
                        new EwsError.RetryAfter(new ResponseCode("ErrorServerBusy"), "Later.", Optional.empty())));
    }

    @Test
    void reads_folders_of_every_kind() throws Exception {
        var found =
                "<m:GetFolderResponseMessage ResponseClass='Success'><m:ResponseCode>NoError</m:ResponseCode><m:Folders>"
                        + "<t:CalendarFolder><t:FolderId Id='f' ChangeKey='k'/><t:DisplayName>Calendar</t:DisplayName>"
                        + "<t:TotalCount>3</t:TotalCount></t:CalendarFolder></m:Folders></m:GetFolderResponseMessage>";
        var body = response("GetFolder", found + error("GetFolder", "ErrorFolderNotFound", "None.", "<m:Folders/>"));
        var request = new GetFolder(
                List.of(new FolderRef.Distinguished("calendar"), new FolderRef.ById(FolderId.of("gone"))));

        assertThat(reader.read(request, bytes(body)))
                .isEqualTo(new Success<>(List.of(
                        new FolderResult.Found(new FolderId("f", Optional.of("k")), "Calendar", OptionalInt.of(3)),
                        new FolderResult.Refused(new ResponseCode("ErrorFolderNotFound"), "None."))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"m", "t"})
    void a_busy_server_names_its_back_off_in_a_response_message(String prefix) throws Exception {
        var body = response(
                "Subscribe",
                error(
                        "Subscribe",
                        "ErrorServerBusy",
                        "Later.",
                        "<%1$s:MessageXml><t:Value Name='BackOffMilliseconds'>1500</t:Value></%1$s:MessageXml>"
                                .formatted(prefix)));

        assertThat(reader.read(EwsRequests.SUBSCRIBE, bytes(body)))
                .isEqualTo(new Refused<>(new EwsError.RetryAfter(
                        new ResponseCode("ErrorServerBusy"), "Later.", Optional.of(Duration.ofMillis(1500)))));
    }

    @Test
    void an_inner_code_says_what_an_internal_error_is() throws Exception {
        var body = response(
                "Subscribe",
                error(
                        "Subscribe",
                        "ErrorInternalServerError",
                        "Oh.",
                        "<m:MessageXml><t:Value Name='InnerErrorMessageText'>x</t:Value>"
                                + "<t:Value Name='InnerErrorResponseCode'>ErrorExceededConnectionCount</t:Value></m:MessageXml>"));

        assertThat(reader.read(EwsRequests.SUBSCRIBE, bytes(body)))
                .isEqualTo(new Refused<>(
                        new EwsError.RetryNarrower(new ResponseCode("ErrorExceededConnectionCount"), "Oh.")));
    }

    @Test
    void a_busy_server_names_its_back_off_in_a_fault() throws Exception {
        var body = envelope("""
                <soap11:Fault><faultcode xmlns:a="%1$s">a:ErrorServerBusy</faultcode>
                <faultstring xml:lang="en-US">Later.</faultstring><detail>
                <e:ResponseCode xmlns:e="%2$s"> ErrorServerBusy </e:ResponseCode>
                <t:MessageXml><t:Value Name="BackOffMilliseconds">2000</t:Value></t:MessageXml></detail></soap11:Fault>
                """.formatted(SoapText.T, SoapText.E));

        assertThat(reader.read(EwsRequests.SUBSCRIBE, bytes(body)))
                .isEqualTo(new Refused<>(new EwsError.RetryAfter(
                        new ResponseCode("ErrorServerBusy"), "Later.", Optional.of(Duration.ofSeconds(2)))));
    }

    @Test
    void another_address_than_the_primary_one_is_answered_by_the_primary_one() throws Exception {
        var details = "<t:MessageXml><t:Value Name='Primary'>ada@example.com</t:Value></t:MessageXml>";
        var expected = new Refused<SubscribeResult>(new EwsError.PermanentForMailbox(
                new ResponseCode("ErrorNonPrimarySmtpAddress"), "No. The primary address is ada@example.com."));
        var fault = envelope("<soap11:Fault><faultcode>a:ErrorNonPrimarySmtpAddress</faultcode>"
                + "<faultstring>No.</faultstring><detail>" + details + "</detail></soap11:Fault>");

        assertThat(reader.read(EwsRequests.SUBSCRIBE, bytes(fault))).isEqualTo(expected);
        assertThat(reader.read(
                        EwsRequests.SUBSCRIBE,
                        bytes(response("Subscribe", error("Subscribe", "ErrorNonPrimarySmtpAddress", "No.", details)))))
                .isEqualTo(expected);
    }

    @Test
    void a_fault_without_a_detail_has_its_code_in_front() throws Exception {
        var body = envelope("<soap11:Fault><faultcode>a:ErrorInvalidRequest</faultcode>"
                + "<faultstring>No.</faultstring></soap11:Fault>");

        assertThat(reader.read(EwsRequests.SUBSCRIBE, bytes(body)))
                .isEqualTo(new Refused<>(
                        new EwsError.PermanentForConnection(new ResponseCode("ErrorInvalidRequest"), "No.")));
        assertThat(reader.read(EwsRequests.SUBSCRIBE, bytes(envelope("<soap11:Fault/>"))))
                .isEqualTo(new Refused<>(new EwsError.RetryAfter(new ResponseCode("HttpFault"), "", Optional.empty())));
    }

    @Test
    void a_back_off_that_is_no_number_is_left_out() throws Exception {
        var body = response(
                "Subscribe",
                error(
                        "Subscribe",
                        "ErrorServerBusy",
                        "",
                        "<m:MessageXml><t:Value Name='BackOffMilliseconds'>soon</t:Value><t:Value/></m:MessageXml>"));

        assertThat(reader.read(EwsRequests.SUBSCRIBE, bytes(body)))
                .isEqualTo(new Refused<>(
                        new EwsError.RetryAfter(new ResponseCode("ErrorServerBusy"), "", Optional.empty())));
    }

    @Test
    void elements_of_foreign_namespaces_are_not_taken_for_ours() throws Exception {
        var body = response(
                "Subscribe",
                "<m:SubscribeResponseMessage ResponseClass='Success'>"
                        + "<x:SubscriptionId xmlns:x='urn:x'>wrong<x:Deep/></x:SubscriptionId>"
                        + "<m:SubscriptionId>right</m:SubscriptionId></m:SubscribeResponseMessage>");

        assertThat(reader.read(EwsRequests.SUBSCRIBE, bytes(body)))
                .isEqualTo(new Success<>(new SubscribeResult(new SubscriptionId("right"), Optional.empty())));
        malformed(EwsRequests.SUBSCRIBE, body.replace(SoapText.M, "urn:other"));
        malformed(EwsRequests.SUBSCRIBE, body.replace(EwsNamespaces.SOAP, "urn:other"));
    }

    @Test
    void refuses_what_is_no_answer() {
        malformed(EwsRequests.SUBSCRIBE, "");
        malformed(EwsRequests.SUBSCRIBE, "<html><body>Sign in</body></html>");
        malformed(EwsRequests.SUBSCRIBE, "<!DOCTYPE html><html><body>Sign in</body></html>");
        malformed(EwsRequests.SUBSCRIBE, envelope(""));
        malformed(EwsRequests.SUBSCRIBE, response("Subscribe", ""));
        malformed(EwsRequests.SUBSCRIBE, response("GetItem", error("GetItem", "ErrorX", "", "")));
        malformed(EwsRequests.SUBSCRIBE, response("Subscribe", "<m:a>".repeat(40) + "</m:a>".repeat(40)));
        malformed(
                EwsRequests.SUBSCRIBE,
                response("Subscribe", "<m:SubscribeResponseMessage>&e;</m:SubscribeResponseMessage>")
                        .replaceFirst("\\?>", "?><!DOCTYPE a [<!ENTITY e 'x'>]>"));
        malformed(
                EwsRequests.SUBSCRIBE,
                response("Subscribe", "<m:SubscribeResponseMessage>").substring(0, 500));
    }

    private void malformed(EwsRequest<?> request, String body) {
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> reader.read(request, bytes(body)));
    }

    private static ItemSummary bare(String id) {
        return new ItemSummary(
                ItemId.of(id),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    private static String response(String operation, String messages) {
        return envelope("<m:%1$sResponse><m:ResponseMessages>%2$s</m:ResponseMessages></m:%1$sResponse>"
                .formatted(operation, messages));
    }

    private static String error(String operation, String code, String text, String more) {
        return ("<m:%1$sResponseMessage ResponseClass='Error'><m:MessageText>%2$s</m:MessageText>"
                        + "<m:ResponseCode>%3$s</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>%4$s"
                        + "</m:%1$sResponseMessage>")
                .formatted(operation, text, code, more);
    }
}
