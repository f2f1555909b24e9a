package dev.tidemark.ews.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.EwsSchemaChecker;
import dev.tidemark.ews.message.ConnectingName;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsRequest.GetFolder;
import dev.tidemark.ews.message.EwsRequest.GetItem;
import dev.tidemark.ews.message.EwsRequest.SubscribePush;
import dev.tidemark.ews.message.EwsRequest.SyncFolderItems;
import dev.tidemark.ews.message.EwsRequest.Unsubscribe;
import dev.tidemark.ews.message.EwsRequests;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.SyncState;
import dev.tidemark.values.Watermark;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EwsRequestWriterTest {
    private static final SubscribePush EVERYTHING = new SubscribePush(
            List.of(new FolderRef.Distinguished("inbox"), new FolderRef.ById(new FolderId("f&<1>", Optional.of("k")))),
            EnumSet.allOf(ChangeKind.class),
            Optional.of(new Watermark("wm-1")),
            Duration.ofMinutes(30),
            URI.create("https://push.example.com/a?b=1&c=2"));

    private static final String SID = "S-1-5-21-1004336348-1177238915-682003330-1103";

    private final EwsRequestWriter writer = new EwsRequestWriter("Exchange2013_SP1");

    @Test
    void asks_for_named_folders_from_a_watermark_on() {
        assertThat(text(EVERYTHING))
                .contains("<m:PushSubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"")
                .contains("Id=\"f&amp;&lt;1")
                .contains("<t:EventTypes><t:EventType>NewMailEvent</t:EventType>")
                .contains("</t:EventTypes><t:Watermark>wm-1</t:Watermark><t:StatusFrequency>30</t:StatusFrequency>"
                        + "<t:URL>https://push.example.com/a?b=1&amp;c=2</t:URL></m:PushSubscriptionRequest>");
    }

    @Test
    void asks_for_all_folders_without_naming_any() {
        var all = new SubscribePush(
                List.of(), EVERYTHING.events(), Optional.empty(), EVERYTHING.statusFrequency(), EVERYTHING.url());

        assertThat(text(all))
                .contains("<m:PushSubscriptionRequest SubscribeToAllFolders=\"true\"><t:EventTypes>")
                .doesNotContain("FolderIds", "Watermark");
    }

    @Test
    void sends_no_change_keys() {
        assertThat(text(new GetItem(List.of(new ItemId("i", Optional.of("stub"))))))
                .contains("Id=\"i\"")
                .doesNotContain("stub");
    }

    @Test
    void asks_an_old_schema_for_what_it_knows() {
        var get = new GetItem(List.of(ItemId.of("i")));

        assertThat(text(get)).contains("item:Preview", "item:ConversationId");
        assertThat(new String(
                        new EwsRequestWriter("Exchange2010_SP2").write(get, Optional.empty()), StandardCharsets.UTF_8))
                .contains("item:ConversationId")
                .doesNotContain("item:Preview");
        assertThat(new String(
                        new EwsRequestWriter("Exchange2007_SP1").write(get, Optional.empty()), StandardCharsets.UTF_8))
                .doesNotContain("item:Preview", "item:ConversationId");
    }

    @ParameterizedTest
    @CsvSource({"smtp-address, SmtpAddress", "primary-smtp-address, PrimarySmtpAddress", "principal-name, PrincipalName"
    })
    void a_mailbox_is_impersonated_by_the_name_that_is_configured(String label, String element) throws Exception {
        assertImpersonation(label, "<t:" + element + ">ada@example.com</t:" + element + ">");
    }

    @Test
    void a_mailbox_with_a_sid_is_impersonated_by_it() throws Exception {
        assertImpersonation("sid", "<t:SID>" + SID + "</t:SID>");
    }

    private static void assertImpersonation(String label, String name) throws Exception {
        var chosen = new EwsRequestWriter(
                "Exchange2013_SP1", ConnectingName.ofLabel(label).orElseThrow(), mailbox -> Optional.of(SID));
        var expected = "<t:ConnectingSID>" + name + "</t:ConnectingSID>";
        for (var each : List.of(chosen, chosen.withVersion("Exchange2010"))) {
            assertThat(new String(each.write(EVERYTHING, Optional.of(EwsRequests.ADA)), StandardCharsets.UTF_8))
                    .contains(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"Exchange2007_SP1, PrimarySmtpAddress", "Exchange2010, SmtpAddress", "V2017_07_11, SmtpAddress"})
    void it_is_usually_the_smtp_address_and_the_primary_one_for_2007(String version, String element) {
        assertThat(new String(
                        new EwsRequestWriter(version).write(EVERYTHING, Optional.of(EwsRequests.ADA)),
                        StandardCharsets.UTF_8))
                .contains("<t:ConnectingSID><t:" + element + ">");
    }

    @Test
    void saves_a_message_unsent_and_removes_it_for_good() {
        assertThat(text(new EwsCall.CreateMessage(new FolderRef.Distinguished("inbox"), "a & b")))
                .contains("<m:CreateItem MessageDisposition=\"SaveOnly\"><m:SavedItemFolderId>"
                        + "<t:DistinguishedFolderId Id=\"inbox\"")
                .contains("<t:Message><t:Subject>a &amp; b</t:Subject></t:Message>");
        assertThat(text(new EwsCall.DeleteItem(ItemId.of("i"))))
                .contains("<m:DeleteItem DeleteType=\"HardDelete\"><m:ItemIds><t:ItemId Id=\"i\"");
    }

    @Test
    void the_same_request_is_the_same_bytes() {
        assertThat(text(EVERYTHING)).isEqualTo(text(EVERYTHING));
    }

    static Stream<EwsCall<?>> requests() {
        return Stream.of(
                EVERYTHING,
                EwsRequests.SUBSCRIBE,
                new SubscribePush(
                        List.of(), EVERYTHING.events(), Optional.empty(), Duration.ofMinutes(1), EVERYTHING.url()),
                new Unsubscribe(new SubscriptionId("sub-1")),
                new SyncFolderItems(new FolderRef.Distinguished("inbox"), Optional.empty(), 512),
                new SyncFolderItems(
                        new FolderRef.ById(FolderId.of("f")), Optional.of(new SyncState("s")), EwsRequest.MAX_CHANGES),
                new GetItem(List.of(ItemId.of("a"), ItemId.of("b"))),
                new GetFolder(
                        List.of(new FolderRef.Distinguished("msgfolderroot"), new FolderRef.ById(FolderId.of("f")))),
                new EwsCall.SubscribePull(
                        EVERYTHING.folders(), EVERYTHING.events(), EVERYTHING.watermark(), Duration.ofMinutes(1440)),
                new EwsCall.SubscribePull(List.of(), EVERYTHING.events(), Optional.empty(), Duration.ofMinutes(1)),
                new EwsCall.SubscribeStreaming(EVERYTHING.folders(), EVERYTHING.events()),
                new EwsCall.SubscribeStreaming(List.of(), EVERYTHING.events()),
                new EwsCall.GetEvents(new SubscriptionId("sub-1"), new Watermark("wm-1")),
                new EwsCall.SyncFolderHierarchy(Optional.empty(), Optional.empty()),
                new EwsCall.SyncFolderHierarchy(
                        Optional.of(new FolderRef.Distinguished("msgfolderroot")), Optional.of(new SyncState("s"))),
                new EwsCall.FindFolder(new FolderRef.Distinguished("msgfolderroot"), true, 0, 100),
                new EwsCall.FindFolder(new FolderRef.ById(FolderId.of("f")), false, 100, 1),
                new EwsCall.ResolveNames("ada@example.com"),
                new EwsCall.ExpandGroup(EwsRequests.ADA),
                new EwsCall.CreateMessage(new FolderRef.Distinguished("inbox"), "a & b"),
                new EwsCall.DeleteItem(ItemId.of("i")));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requests_keep_to_the_schema(EwsCall<?> request) throws Exception {
        EwsSchemaChecker.assertValid(writer.write(request, Optional.of(EwsRequests.ADA)));
    }

    private String text(EwsCall<?> request) {
        return new String(writer.write(request, Optional.of(EwsRequests.ADA)), StandardCharsets.UTF_8);
    }
}
