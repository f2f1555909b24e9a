package dev.tidemark.ews.message;

import static dev.tidemark.ews.SoapText.bytes;
import static dev.tidemark.ews.SoapText.envelope;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.SoapText;
import dev.tidemark.ews.message.EwsCall.FindFolder;
import dev.tidemark.ews.message.EwsCall.GetEvents;
import dev.tidemark.ews.message.EwsCall.ResolveNames;
import dev.tidemark.ews.message.EwsCall.SyncFolderHierarchy;
import dev.tidemark.ews.message.EwsRequest.GetFolder;
import dev.tidemark.ews.message.EwsRequest.GetItem;
import dev.tidemark.ews.message.EwsRequest.SyncFolderItems;
import dev.tidemark.ews.message.HierarchyPage.FolderChange;
import dev.tidemark.ews.message.SyncPage.SyncChange;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.SkippedParts;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.SyncState;
import dev.tidemark.values.Watermark;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks that an unreadable entry of a response affects no other entry.
class LenientAnswerTest {
    private static final FolderRef INBOX = new FolderRef.Distinguished("inbox");
    private static final SyncFolderItems SYNC = new SyncFolderItems(INBOX, Optional.empty(), 512);
    private static final SyncFolderHierarchy HIERARCHY = new SyncFolderHierarchy(Optional.empty(), Optional.empty());
    private static final GetItem TEN = new GetItem(
            IntStream.range(0, 10).mapToObj(i -> ItemId.of("item-" + i)).toList());

    private final ReadAnswers reader = new ReadAnswers();

    @ParameterizedTest
    @ValueSource(strings = {"&#x1F;", "&#x0;", "\u0002", "\uFFFE"})
    void ten_of_ten_items_are_read_although_one_subject_holds_a_forbidden_character(String character) throws Exception {
        var results = reader.value(TEN, items(i -> found(i, "x" + (i == 3 ? character : ""))));

        assertThat(subjects(results)).hasSize(10).contains("x\uFFFD");
        assertThat(reader.skipped().isEmpty()).isTrue();
    }

    @Test
    void a_corrupt_item_is_refused_and_its_neighbors_are_read() throws Exception {
        var corrupt = "<m:GetItemResponseMessage ResponseClass='Error'><m:MessageText>Bad.</m:MessageText>"
                + "<m:ResponseCode>ErrorItemCorrupt</m:ResponseCode><m:Items/></m:GetItemResponseMessage>";

        var results = reader.value(TEN, items(i -> i == 3 ? corrupt : found(i, "x")));

        assertThat(subjects(results)).hasSize(9);
        assertThat(results.get(3)).isEqualTo(new ItemResult.Refused(new ResponseCode("ErrorItemCorrupt"), "Bad."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<t:Message/>",
                "<t:Message><t:ItemId/></t:Message>",
                "<t:Message><t:ItemId Id=' '/><t:Subject>x</t:Subject></t:Message>",
                "<t:Message>text</t:Message>",
                "<t:EndTimeZone Id='UTC'/>"
            })
    void an_item_without_an_id_is_unreadable_and_its_neighbors_are_read(String item) throws Exception {
        var odd = success("GetItem", "<m:Items>" + item + "</m:Items>");

        var results = reader.value(TEN, items(i -> i == 3 ? odd : found(i, "x")));

        assertThat(subjects(results)).hasSize(9);
        assertThat(results.get(3))
                .isInstanceOfSatisfying(
                        ItemResult.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ResponseCode.UNREADABLE));
        assertThat(reader.skipped()).isEqualTo(new SkippedParts("GetItem", Map.of(SkipReason.MISSING_ID, 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<t:Subject><b>x</b></t:Subject>",
                "<t:Size>large</t:Size>",
                "<t:Size>99999999999999999999</t:Size>",
                "<t:DateTimeSent>yesterday</t:DateTimeSent>",
                "<t:DateTimeSent>+292278994-08-17T07:12:55Z</t:DateTimeSent>",
                "<t:DateTimeSent>2026-02-30T25:61:00Z</t:DateTimeSent>",
                "<t:ConversationId/>",
                "<t:ConversationId>text</t:ConversationId>",
                "<t:Categories>red</t:Categories>",
                "<t:ToRecipients>ada</t:ToRecipients>",
                "<t:ToRecipients><t:Mailbox>ada</t:Mailbox></t:ToRecipients>",
                "<t:From/>",
                "<t:IsRead>perhaps</t:IsRead>",
                "<t:Start>now</t:Start>",
                "<t:ExtendedProperty><t:ExtendedFieldURI/><t:Value>x</t:Value></t:ExtendedProperty>"
            })
    void a_value_that_cannot_be_read_costs_only_itself(String value) throws Exception {
        var odd = success(
                "GetItem",
                "<m:Items><t:Message><t:ItemId Id='item-3'/>" + value
                        + "<t:InternetMessageId>kept</t:InternetMessageId></t:Message></m:Items>");

        var results = reader.value(TEN, items(i -> i == 3 ? odd : found(i, "x")));

        assertThat(results).allMatch(ItemResult.Found.class::isInstance);
        assertThat(((ItemResult.Found) results.get(3)).message().internetMessageId())
                .contains("kept");
    }

    @Test
    void items_are_matched_by_id_where_some_have_no_message() throws Exception {
        var body = response("GetItem", found(7, "seven") + found(2, "two"));

        var results = reader.value(TEN, body);

        assertThat(results).hasSize(10);
        assertThat(subjects(results)).containsExactly("two", "seven");
        assertThat(results.get(2)).isInstanceOf(ItemResult.Found.class);
        assertThat(results.get(7)).isInstanceOf(ItemResult.Found.class);
        assertThat(results.getFirst())
                .isInstanceOfSatisfying(
                        ItemResult.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ResponseCode.MISSING));
    }

    @Test
    void items_are_matched_by_id_where_there_are_more_messages_than_asked() throws Exception {
        var two = new GetItem(List.of(ItemId.of("item-0"), ItemId.of("item-1")));

        var results = reader.value(two, response("GetItem", found(5, "five") + found(1, "one") + found(0, "zero")));

        assertThat(subjects(results)).containsExactly("zero", "one");
        assertThat(reader.skipped().counts()).isEqualTo(Map.of(SkipReason.UNMATCHED, 1));
    }

    @Test
    void items_in_another_order_are_matched_by_id() throws Exception {
        var two = new GetItem(List.of(ItemId.of("item-0"), ItemId.of("item-1")));

        assertThat(subjects(reader.value(two, response("GetItem", found(1, "one") + found(0, "zero")))))
                .containsExactly("zero", "one");
    }

    @Test
    void a_folder_that_is_requested_by_id_and_by_name_is_found_under_both() throws Exception {
        var both = new GetFolder(List.of(new FolderRef.ById(FolderId.of("f1")), new FolderRef.Distinguished("inbox")));

        var results = reader.value(both, response("GetFolder", folder("f1", 1) + folder("f1", 2)));

        assertThat(results).allMatch(FolderResult.Found.class::isInstance);
        assertThat(reader.skipped().counts()).isEmpty();
    }

    @Test
    void folders_in_another_order_are_not_matched_to_a_name_by_their_place() throws Exception {
        var both = new GetFolder(List.of(new FolderRef.Distinguished("inbox"), new FolderRef.ById(FolderId.of("f1"))));

        var results = reader.value(both, response("GetFolder", folder("f1", 1) + folder("f2", 2)));

        assertThat(results.getFirst()).isInstanceOf(FolderResult.Refused.class);
        assertThat(((FolderResult.Found) results.getLast()).id().id()).isEqualTo("f1");
    }

    private static String folder(String id, int total) {
        return success(
                "GetFolder",
                "<m:Folders><t:Folder><t:FolderId Id='" + id + "'/><t:DisplayName>Inbox</t:DisplayName><t:TotalCount>"
                        + total + "</t:TotalCount></t:Folder></m:Folders>");
    }

    @Test
    void an_item_under_another_id_is_matched_by_its_place() throws Exception {
        var one = new GetItem(List.of(ItemId.of("asked")));

        assertThat(subjects(reader.value(one, response("GetItem", found(0, "zero")))))
                .containsExactly("zero");
    }

    @Test
    void a_foreign_element_among_response_messages_is_passed_over() throws Exception {
        var one = new GetItem(List.of(ItemId.of("item-0")));

        assertThat(subjects(reader.value(one, response("GetItem", "<m:Odd/>" + found(0, "zero") + "<t:Odd/>"))))
                .containsExactly("zero");
        assertThat(reader.skipped().counts()).isEqualTo(Map.of(SkipReason.UNKNOWN_ELEMENT, 2));
    }

    @Test
    void a_page_with_a_forbidden_character_in_one_change_is_read() throws Exception {
        var page =
                reader.value(SYNC, page(create("a", "") + create("b", "<t:ItemClass>IPM.Note.&#x1;Odd</t:ItemClass>")));

        assertThat(page.changes()).hasSize(2);
        assertThat(((SyncChange.Created) page.changes().getLast()).item().itemClass())
                .contains("IPM.Note.\uFFFDOdd");
    }

    @Test
    void the_item_of_a_change_is_taken_whatever_stands_beside_it() throws Exception {
        var item = "<t:CalendarItem><t:ItemId Id='b'/></t:CalendarItem>";
        var zone = "<t:EndTimeZone Id='UTC'/>";

        for (var change : List.of(item + zone, zone + item)) {
            var page = reader.value(SYNC, page(create("a", "") + "<t:Create>" + change + "</t:Create>"));

            assertThat(page.changes())
                    .map(created -> ((SyncChange.Created) created).item().id().id())
                    .containsExactly("a", "b");
            assertThat(reader.skipped())
                    .isEqualTo(new SkippedParts("SyncFolderItems", Map.of(SkipReason.UNKNOWN_ELEMENT, 1)));
        }
    }

    static Stream<Map.Entry<String, SkipReason>> oddChanges() {
        return Stream.of(
                Map.entry("<t:Delete/>", SkipReason.MISSING_ID),
                Map.entry("<t:Delete><t:ItemId/></t:Delete>", SkipReason.MISSING_ID),
                Map.entry("<t:Delete><t:ItemId Id=''/></t:Delete>", SkipReason.MISSING_ID),
                Map.entry("<t:Delete>text</t:Delete>", SkipReason.MISSING_ID),
                Map.entry("<t:ReadFlagChange><t:IsRead>true</t:IsRead></t:ReadFlagChange>", SkipReason.MISSING_ID),
                Map.entry("<t:Create/>", SkipReason.MISSING_OBJECT),
                Map.entry("<t:Create>text</t:Create>", SkipReason.MISSING_OBJECT),
                Map.entry("<t:Update><t:Message/></t:Update>", SkipReason.MISSING_ID),
                Map.entry("<t:Create><t:EndTimeZone Id='UTC'/></t:Create>", SkipReason.MISSING_ID),
                Map.entry("<t:Renumber><t:ItemId Id='x'/></t:Renumber>", SkipReason.UNKNOWN_ELEMENT));
    }

    @Test
    void a_change_that_cannot_be_understood_is_passed_over_and_counted() throws Exception {
        for (var odd : oddChanges().toList()) {
            var page = reader.value(SYNC, page(create("a", "") + odd.getKey() + create("b", "")));

            assertThat(page.changes()).as(odd.getKey()).hasSize(2);
            assertThat(page.state()).isEqualTo(new SyncState("s"));
            assertThat(reader.skipped().counts()).as(odd.getKey()).isEqualTo(Map.of(odd.getValue(), 1));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<t:DateTimeReceived>never</t:DateTimeReceived>",
                "<t:DateTimeReceived>-0001-01-01T00:00:00Z</t:DateTimeReceived>",
                "<t:DateTimeReceived>+99999-01-01T00:00:00Z</t:DateTimeReceived>",
                "<t:ParentFolderId/>"
            })
    void a_changed_item_with_an_absurd_value_is_taken_without_it(String value) throws Exception {
        var page = reader.value(SYNC, page(create("a", value)));

        assertThat(page.changes()).singleElement().satisfies(change -> {
            assertThat(((SyncChange.Created) change).item().received()).isEmpty();
            assertThat(((SyncChange.Created) change).item().parentFolder()).isEmpty();
        });
        assertThat(reader.skipped().counts()).isEqualTo(Map.of(SkipReason.UNREADABLE_VALUE, 1));
    }

    @Test
    void a_changed_folder_that_cannot_be_understood_is_passed_over() throws Exception {
        var good = "<t:Create><t:Folder><t:FolderId Id='f'/></t:Folder></t:Create>";
        for (var odd : List.of(
                "<t:Update/>",
                "<t:Create><t:Folder/></t:Create>",
                "<t:Create><t:Folder><t:FolderId/></t:Folder></t:Create>",
                "<t:Delete/>",
                "<t:Delete><t:FolderId>x</t:FolderId></t:Delete>",
                "<t:Odd/>")) {
            var page = reader.value(HIERARCHY, hierarchy(odd + good));

            assertThat(page.changes()).as(odd).hasSize(1);
            assertThat(reader.skipped().counts().values()).as(odd).containsExactly(1);
        }
    }

    @Test
    void a_folder_of_a_kind_to_come_is_a_folder() throws Exception {
        var page = reader.value(
                HIERARCHY,
                hierarchy("<t:Create><t:Odd/><t:NotesFolder><t:FolderId Id='f'/></t:NotesFolder></t:Create>"));

        assertThat(page.changes())
                .map(change -> ((FolderChange.Created) change).folder().id())
                .containsExactly(FolderId.of("f"));
    }

    @Test
    void a_listing_goes_on_behind_folders_that_cannot_be_read() throws Exception {
        var find = new FindFolder(INBOX, true, 10, 3);
        var body = response(
                "FindFolder",
                success(
                        "FindFolder",
                        "<m:RootFolder TotalItemsInView='many' IncludesLastItemInRange='false'><t:Folders><t:Folder/>"
                                + "<t:Folder><t:FolderId Id='f'/><t:TotalCount>x</t:TotalCount></t:Folder><t:Odd/>"
                                + "</t:Folders></m:RootFolder>"));

        var listing = reader.value(find, body);

        assertThat(listing.folders()).map(FolderSummary::id).containsExactly(FolderId.of("f"));
        assertThat(listing.nextOffset()).hasValue(13);
        assertThat(listing.total()).isEmpty();
        assertThat(reader.skipped().counts())
                .isEqualTo(Map.of(SkipReason.MISSING_ID, 2, SkipReason.UNREADABLE_VALUE, 2));
    }

    @Test
    void one_odd_folder_of_many_is_refused_alone() throws Exception {
        var get = new GetFolder(List.of(INBOX, new FolderRef.ById(FolderId.of("f")), new FolderRef.Distinguished("x")));
        var odd = success("GetFolder", "<m:Folders><t:Folder><t:FolderId/></t:Folder></m:Folders>");

        var results = reader.value(get, response("GetFolder", folder("i") + folder("f") + odd));

        assertThat(results.subList(0, 2)).allMatch(FolderResult.Found.class::isInstance);
        assertThat(results.getLast())
                .isInstanceOfSatisfying(
                        FolderResult.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ResponseCode.UNREADABLE));
    }

    @Test
    void folders_are_matched_by_id_where_a_message_is_missing() throws Exception {
        var get = new GetFolder(List.of(INBOX, new FolderRef.ById(FolderId.of("f"))));

        var results = reader.value(get, response("GetFolder", folder("f")));

        assertThat(results.getFirst()).isInstanceOf(FolderResult.Refused.class);
        assertThat(results.getLast()).isInstanceOf(FolderResult.Found.class);
    }

    @Test
    void a_resolution_without_a_mailbox_or_an_address_is_passed_over() throws Exception {
        var good = "<t:Resolution><t:Mailbox><t:EmailAddress>ada@example.com</t:EmailAddress></t:Mailbox>"
                + "<t:Contact><t:DisplayName>Ada</t:DisplayName></t:Contact></t:Resolution>";
        var body = response(
                "ResolveNames",
                success(
                        "ResolveNames",
                        "<m:ResolutionSet><t:Resolution/><t:Resolution><t:Mailbox><t:Name>x</t:Name></t:Mailbox>"
                                + "</t:Resolution>" + good + "</m:ResolutionSet>"));

        var resolutions = reader.value(new ResolveNames("ada"), body);

        assertThat(resolutions.candidates())
                .map(NameResolutions.Candidate::address)
                .containsExactly("ada@example.com");
        assertThat(reader.skipped().counts()).isEqualTo(Map.of(SkipReason.MISSING_OBJECT, 2));
    }

    @Test
    void a_subscription_with_a_watermark_that_cannot_be_kept_is_still_a_subscription() throws Exception {
        var body = response(
                "Subscribe",
                success(
                        "Subscribe",
                        "<m:SubscriptionId>sub</m:SubscriptionId><m:Watermark>" + "w".repeat(3000) + "</m:Watermark>"));

        assertThat(reader.value(EwsRequests.SUBSCRIBE, body))
                .isEqualTo(new SubscribeResult(new SubscriptionId("sub"), Optional.empty()));
    }

    @Test
    void a_poll_passes_over_an_event_without_an_item() throws Exception {
        var get = new GetEvents(new SubscriptionId("sub-1"), new Watermark("wm-0"));
        var body = response(
                "GetEvents",
                success(
                        "GetEvents",
                        "<m:Notification><t:SubscriptionId>sub-1</t:SubscriptionId>" + SoapText.newMail("wm-1", "a")
                                + "<t:NewMailEvent><t:Watermark>wm-2</t:Watermark></t:NewMailEvent></m:Notification>"));

        var notification = reader.value(get, body);

        assertThat(notification.events()).hasSize(2);
        assertThat(notification.lastWatermark()).contains(new Watermark("wm-2"));
        assertThat(reader.skipped()).isEqualTo(new SkippedParts("GetEvents", Map.of(SkipReason.MISSING_ID, 1)));
    }

    @Test
    void a_streamed_envelope_passes_over_a_notification_of_no_subscription() throws Exception {
        var one = "<m:Notification><t:SubscriptionId>a</t:SubscriptionId>" + SoapText.heartbeat("w")
                + "</m:Notification>";
        var none = "<m:Notification>" + SoapText.heartbeat("w") + "</m:Notification>";
        var body = response(
                "GetStreamingEvents",
                "<m:Odd/>" + success("GetStreamingEvents", "<m:Notifications>" + none + one + "</m:Notifications>"));

        assertThat(reader.readStreamed(body).getFirst().notifications()).hasSize(1);
        assertThat(reader.skipped().counts())
                .isEqualTo(Map.of(SkipReason.MISSING_ID, 1, SkipReason.UNKNOWN_ELEMENT, 1));
    }

    private interface MessageOf {
        String at(int index);
    }

    private static byte[] items(MessageOf messages) {
        return response("GetItem", IntStream.range(0, 10).mapToObj(messages::at).collect(Collectors.joining()));
    }

    private static String found(int index, String subject) {
        return success(
                "GetItem",
                "<m:Items><t:Message><t:ItemId Id='item-" + index + "'/><t:Subject>" + subject
                        + "</t:Subject></t:Message></m:Items>");
    }

    private static String folder(String id) {
        return success("GetFolder", "<m:Folders><t:Folder><t:FolderId Id='" + id + "'/></t:Folder></m:Folders>");
    }

    private static List<String> subjects(List<ItemResult> results) {
        return results.stream()
                .filter(ItemResult.Found.class::isInstance)
                .map(result -> ((ItemResult.Found) result).message().subject().orElse(""))
                .toList();
    }

    private static String create(String id, String values) {
        return "<t:Create><t:Message><t:ItemId Id='" + id + "'/>" + values + "</t:Message></t:Create>";
    }

    private static byte[] page(String changes) {
        return response(
                "SyncFolderItems",
                success(
                        "SyncFolderItems",
                        "<m:SyncState>s</m:SyncState><m:IncludesLastItemInRange>true</m:IncludesLastItemInRange>"
                                + "<m:Changes>" + changes + "</m:Changes>"));
    }

    private static byte[] hierarchy(String changes) {
        return response(
                "SyncFolderHierarchy",
                success("SyncFolderHierarchy", "<m:SyncState>s</m:SyncState><m:Changes>" + changes + "</m:Changes>"));
    }

    private static String success(String operation, String parts) {
        return "<m:%1$sResponseMessage ResponseClass='Success'><m:ResponseCode>NoError</m:ResponseCode>%2$s</m:%1$sResponseMessage>"
                .formatted(operation, parts);
    }

    private static byte[] response(String operation, String messages) {
        return bytes(envelope("<m:%1$sResponse><m:ResponseMessages>%2$s</m:ResponseMessages></m:%1$sResponse>"
                .formatted(operation, messages)));
    }
}
