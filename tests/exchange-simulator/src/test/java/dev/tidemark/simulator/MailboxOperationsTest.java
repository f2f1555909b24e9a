package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.mailbox.SimulatedMail;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Changes and searches a mailbox as a mail client does. If the schema of Exchange is at hand, every response is
/// checked against it.
class MailboxOperationsTest {
    private static final String ADA = "ada@example.com";

    private final SimulatorTestBed bench = new SimulatorTestBed();
    private final SimulatedMailbox bob = bench.organization.add(new MailboxAddress("bob@example.com"));
    private final MessagesSchema schema = new MessagesSchema();

    private String request(String body) {
        var answer = bench.request(ADA, body);
        schema.check(answer);
        return answer;
    }

    @Test
    void a_saved_message_is_a_read_draft_and_can_be_sent_later() {
        var saved = request(
                MailboxRequests.createMessage("SaveOnly", "Hello", MailboxRequests.to("To", "bob@example.com")));
        var id = id(saved, "ItemId");
        var read = request(SimulatorRequests.getItem(id));
        assertThat(read).contains("<t:IsDraft>true<", "<t:IsRead>true<", "bob@example.com", "&lt;p&gt;Hi");

        request("<m:SendItem SaveItemToFolder=\"true\"><m:ItemIds><t:ItemId Id=\"" + id
                + "\"/></m:ItemIds></m:SendItem>");
        assertThat(bench.ada.items("drafts")).isEmpty();
        assertThat(bench.ada.items("sentitems")).hasSize(1);
        assertThat(bob.items("inbox")).hasSize(1);
    }

    @Test
    void a_sent_message_reaches_the_mailboxes_and_hides_its_hidden_recipients() {
        var recipients = MailboxRequests.to("To", ADA) + MailboxRequests.to("Bcc", "bob@example.com");
        assertThat(request(MailboxRequests.createMessage("SendOnly", "One", recipients)))
                .doesNotContain("ItemId");
        assertThat(bench.ada.items("sentitems")).isEmpty();
        request(MailboxRequests.createMessage("SendAndSaveCopy", "Two", recipients));
        assertThat(bench.ada.items("sentitems")).hasSize(1);

        assertThat(bob.items("inbox")).hasSize(2);
        var received = bob.item(bob.items("inbox").getFirst()).orElseThrow();
        assertThat(received.read()).isFalse();
        assertThat(received.content().properties()).containsKey("ToRecipients").doesNotContainKey("BccRecipients");
        assertThat(received.content().from()).isEqualTo(ADA);
    }

    @Test
    void a_message_needs_a_disposition_and_a_recipient() {
        assertThat(request(MailboxRequests.create("", "<t:Message><t:Subject>x</t:Subject></t:Message>")))
                .contains("ErrorMessageDispositionRequired");
        assertThat(request(MailboxRequests.createMessage("SendOnly", "x", ""))).contains("ErrorInvalidRecipients");
    }

    @Test
    void a_new_mail_is_created_announced_and_counted() {
        var subscribed = request(MailboxRequests.pull(1));
        var id = SimulatorRequests.text(subscribed, "m:SubscriptionId");
        var watermark = SimulatorRequests.text(subscribed, "m:Watermark");
        assertThat(request(MailboxRequests.getEvents(id, watermark))).contains("<t:StatusEvent>");

        bench.ada.deliver("Hello");
        assertThat(request(MailboxRequests.getEvents(id, watermark)))
                .containsSubsequence("<t:CreatedEvent>", "<t:NewMailEvent>", "<t:ModifiedEvent>", "<t:UnreadCount>1<");
        bench.time.advance(Duration.ofSeconds(61));
        assertThat(request(MailboxRequests.getEvents(id, watermark))).contains("ErrorSubscriptionNotFound");
    }

    @Test
    void a_pull_subscription_ends_by_unsubscribe_and_refuses_foreign_watermarks() {
        var subscribed = request(MailboxRequests.pull(1));
        var id = SimulatorRequests.text(subscribed, "m:SubscriptionId");
        assertThat(request(MailboxRequests.getEvents(id, "AAAA"))).contains("ErrorInvalidWatermark");
        request("<m:Unsubscribe><m:SubscriptionId>" + id + "</m:SubscriptionId></m:Unsubscribe>");
        assertThat(request(MailboxRequests.getEvents(id, SimulatorRequests.text(subscribed, "m:Watermark"))))
                .contains("ErrorSubscriptionNotFound");
    }

    @Test
    void an_update_sets_and_removes_properties() {
        var id = bench.ada.deliver("Before").id();
        request(MailboxRequests.update(
                id,
                MailboxRequests.set("item:Subject", "Message", "<t:Subject>After</t:Subject>")
                        + MailboxRequests.set(
                                "item:Categories",
                                "Message",
                                "<t:Categories><t:String>Red &amp; blue</t:String></t:Categories>")
                        + MailboxRequests.set("message:IsRead", "Message", "<t:IsRead>1</t:IsRead>")));
        assertThat(request(SimulatorRequests.getItem(id)))
                .contains("<t:Subject>After<", "<t:String>Red &amp; blue<", "<t:IsRead>true<");
        request(MailboxRequests.update(
                id, "<t:DeleteItemField><t:FieldURI FieldURI=\"item:Categories\"/></t:DeleteItemField>"));
        assertThat(request(SimulatorRequests.getItem(id))).doesNotContain("Categories");
    }

    @Test
    void an_update_with_an_old_change_key_conflicts_on_request() {
        var id = bench.ada.deliver("Before").id();
        var request = MailboxRequests.update(
                        id, MailboxRequests.set("item:Subject", "Message", "<t:Subject>After</t:Subject>"))
                .replace("AutoResolve", "NeverOverwrite")
                .replace("<t:ItemId Id=", "<t:ItemId ChangeKey=\"AAAA\" Id=");
        assertThat(request(request)).contains("ErrorIrresolvableConflict");
    }

    @Test
    void a_move_changes_the_id_and_both_folders() {
        var old = bench.ada.deliver("Hello").id();
        var mark = bench.ada.end();
        var moved = id(request(MailboxRequests.transfer("MoveItem", "deleteditems", old)), "ItemId");
        assertThat(moved).isNotEqualTo(old);
        assertThat(kinds(mark)).containsExactly("MovedEvent", "ModifiedEvent", "ModifiedEvent");
        assertThat(request(SimulatorRequests.getItem(old))).contains("ErrorItemNotFound");
        assertThat(request(MailboxRequests.transfer("CopyItem", "nowhere", moved)))
                .contains("ErrorToFolderNotFound");
        assertThat(request(MailboxRequests.transfer("CopyItem", "inbox", "AAMkAGone")))
                .contains("ErrorItemNotFound");
        assertThat(id(request(MailboxRequests.transfer("CopyItem", "inbox", moved)), "ItemId"))
                .isNotEqualTo(moved);
    }

    @ParameterizedTest
    @CsvSource({
        "HardDelete,,DeletedEvent",
        "SoftDelete,recoverableitemsdeletions,MovedEvent",
        "MoveToDeletedItems,deleteditems,MovedEvent"
    })
    void each_kind_of_deletion_leaves_the_item_elsewhere(String kind, String folder, String event) {
        var id = bench.ada.deliver("Hello").id();
        var mark = bench.ada.end();
        request(MailboxRequests.delete(kind, id));
        assertThat(bench.ada.items("inbox")).isEmpty();
        assertThat(kinds(mark)).startsWith(event);
        if (folder != null) {
            assertThat(bench.ada.items(folder)).hasSize(1);
        }
    }

    @Test
    void a_search_filters_sorts_and_pages() {
        Stream.of("Beta", "Alpha", "Gamma").forEach(bench.ada::deliver);
        bench.ada.create("calendar", SimulatedMail.of("A meeting").ofClass("IPM.Appointment"));
        var sorted = "<m:SortOrder><t:FieldOrder Order=\"Ascending\"><t:FieldURI FieldURI=\"item:Subject\"/>"
                + "</t:FieldOrder></m:SortOrder>";
        assertThat(subjects(request(MailboxRequests.find("inbox", "")))).containsExactly("Gamma", "Alpha", "Beta");
        assertThat(subjects(request(MailboxRequests.find("inbox", sorted)))).containsExactly("Alpha", "Beta", "Gamma");
        var page = request(MailboxRequests.find(
                "inbox",
                "<m:IndexedPageItemView MaxEntriesReturned=\"1\" Offset=\"1\" BasePoint=\"Beginning\"/>" + sorted));
        assertThat(subjects(page)).containsExactly("Beta");
        assertThat(page).contains("IndexedPagingOffset=\"2\" TotalItemsInView=\"3\" IncludesLastItemInRange=\"false\"");
        assertThat(subjects(request(MailboxRequests.find("inbox", restriction("IsEqualTo", "Alpha")))))
                .containsExactly("Alpha");
        assertThat(subjects(request(MailboxRequests.find("inbox", restriction("IsGreaterThan", "Alpha")))))
                .containsExactlyInAnyOrder("Beta", "Gamma");
        assertThat(request(MailboxRequests.find("calendar", ""))).contains("<t:CalendarItem>");
    }

    private static String restriction(String comparison, String subject) {
        return "<m:Restriction><t:" + comparison + "><t:FieldURI FieldURI=\"item:Subject\"/><t:FieldURIOrConstant>"
                + "<t:Constant Value=\"" + subject + "\"/></t:FieldURIOrConstant></t:" + comparison
                + "></m:Restriction>";
    }

    @Test
    void folders_are_created_renamed_moved_emptied_and_deleted() {
        var created = request(MailboxRequests.createFolder("inbox", "Invoices"));
        var folder = id(created, "FolderId");
        assertThat(request(MailboxRequests.createFolder("inbox", "invoices"))).contains("ErrorFolderExists");
        var mark = bench.ada.end();
        request(MailboxRequests.onFolder(
                "MoveFolder",
                "",
                "<m:ToFolderId><t:DistinguishedFolderId Id=\"msgfolderroot\"/></m:ToFolderId>",
                folder));
        assertThat(kinds(mark)).containsExactly("MovedEvent", "ModifiedEvent", "ModifiedEvent");
        bench.ada.create(folder, SimulatedMail.of("Bill"));
        request(MailboxRequests.onFolder(
                "EmptyFolder", " DeleteType=\"SoftDelete\" DeleteSubFolders=\"false\"", "", folder));
        assertThat(bench.ada.items(folder)).isEmpty();
        request(MailboxRequests.onFolder("DeleteFolder", " DeleteType=\"HardDelete\"", "", folder));
        assertThat(request(SimulatorRequests.findFolder("root", "Deep", 0, 100)))
                .contains("Recoverable Items", "Top of Information Store")
                .doesNotContain("nvoices");
        var inbox = bench.ada.folders().id("inbox").id();
        assertThat(request(MailboxRequests.onFolder("DeleteFolder", " DeleteType=\"HardDelete\"", "", inbox)))
                .contains("ErrorDeleteDistinguishedFolder");
    }

    @Test
    void ids_are_converted_there_and_back() {
        var id = bench.ada.deliver("Hello").id();
        var hex = attribute(request(MailboxRequests.convertId("EwsId", id, "HexEntryId")), "Id");
        assertThat(hex).matches("[0-9A-F]+");
        assertThat(attribute(request(MailboxRequests.convertId("HexEntryId", hex, "EwsId")), "Id"))
                .isEqualTo(id);
        assertThat(request(MailboxRequests.convertId("HexEntryId", "zz", "EwsId")))
                .contains("ErrorInvalidIdMalformed");
    }

    @Test
    void all_items_are_marked_as_read_at_once() {
        bench.ada.deliver("One");
        bench.ada.deliver("Two");
        request(MailboxRequests.markAll());
        assertThat(bench.ada.items("inbox"))
                .allSatisfy(id ->
                        assertThat(bench.ada.item(id).orElseThrow().read()).isTrue());
    }

    @Test
    void answers_what_clients_ask_about_their_surroundings() {
        assertThat(request(MailboxRequests.timeZones())).contains("W. Europe Standard Time", "Bias=\"-PT1H\"");
        assertThat(request(MailboxRequests.oof())).contains("<t:OofState>Disabled<");
        var group = new MailboxAddress("all@example.com");
        bench.organization.directory().list(group, "PublicDL");
        bench.organization.directory().expandTo(group, List.of(bench.ada.address(), bob.address()));
        assertThat(request(MailboxRequests.expand("all@example.com")))
                .contains("TotalItemsInView=\"2\"", "bob@example.com");
        assertThat(request(MailboxRequests.expand("none@example.com"))).contains("ErrorNameResolutionNoResults");
    }

    private List<String> kinds(long after) {
        return bench.ada.after(after, event -> true, 100).events().stream()
                .map(event -> event.change().kind().elementName())
                .toList();
    }

    private static List<String> subjects(String answer) {
        return all(answer, "<t:Subject>([^<]*)<");
    }

    private static String id(String answer, String element) {
        return all(answer, "<t:" + element + " Id=\"([^\"]*)\"").getFirst();
    }

    private static String attribute(String answer, String name) {
        return all(answer, " " + name + "=\"([^\"]*)\"").getFirst();
    }

    private static List<String> all(String answer, String pattern) {
        var found = new ArrayList<String>();
        Pattern.compile(pattern).matcher(answer).results().forEach(result -> found.add(result.group(1)));
        return found;
    }
}
