package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EwsEndpointTest {
    private static final String INBOX = "<t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/></t:FolderIds>";

    private final SimulatorTestBed bench = new SimulatorTestBed();

    @ParameterizedTest
    @CsvSource({
        "'<m:Watermark>AQAAAA==</m:Watermark>', '<t:StatusFrequency>1</t:StatusFrequency>'",
        "'<t:Watermark/>', '<t:StatusFrequency>1</t:StatusFrequency>'",
        "'', ''",
        "'', '<t:StatusFrequency>0</t:StatusFrequency>'",
        "'', '<t:StatusFrequency>1441</t:StatusFrequency>'",
        "'', '<t:StatusFrequency>often</t:StatusFrequency>'",
        "'', '<m:StatusFrequency>1</m:StatusFrequency>'",
        "'<t:StatusFrequency>1</t:StatusFrequency>', '<t:Watermark>AQAAAA==</t:Watermark>'"
    })
    void refuses_a_subscribe_that_the_schema_refuses(String watermark, String frequency) {
        var answer = bench.request("ada@example.com", SimulatorRequests.subscribe("", INBOX, watermark, frequency));

        assertThat(answer).contains("<s:Fault>").contains("a:ErrorSchemaValidation");
    }

    @ParameterizedTest
    @CsvSource({"PrincipalName", "SID", "PrimarySmtpAddress", "SmtpAddress"})
    void a_mailbox_is_impersonated_by_every_kind_of_name(String element) {
        var ada = "ada@example.com";
        var name = element.equals("SID") ? SimulatedSid.of(new MailboxAddress(ada)) : ada;
        assertThat(bench.request(ada, element, name, SimulatorRequests.subscribe(1, "")))
                .contains("NoError");
        assertThat(bench.request(ada, element, "S-1-5-21-1-2-3-4", SimulatorRequests.subscribe(1, "")))
                .contains("a:ErrorInvalidExchangeImpersonationHeaderData");
    }

    @Test
    void refuses_folders_together_with_all_folders() {
        var frequency = "<t:StatusFrequency>1</t:StatusFrequency>";
        var both = SimulatorRequests.subscribe(" SubscribeToAllFolders=\"true\"", INBOX, "", frequency);
        var all = SimulatorRequests.subscribe(" SubscribeToAllFolders=\"true\"", "", "", frequency);

        assertThat(bench.request("ada@example.com", both)).contains("ErrorInvalidSubscriptionRequest");
        assertThat(bench.request("ada@example.com", all)).contains("NoError");
    }

    @Test
    void refuses_watermarks_from_another_database_or_before_the_history_begins() {
        var granted = SimulatorRequests.text(bench.subscribe(""), "m:Watermark");
        assertThat(bench.subscribe(granted)).contains("NoError");

        bench.ada.moveTo(UUID.randomUUID());
        assertThat(bench.subscribe(granted)).contains("ErrorInvalidWatermark");

        var later = SimulatorRequests.text(bench.subscribe(""), "m:Watermark");
        bench.ada.forgetHistory();
        assertThat(bench.subscribe(later)).contains("ErrorInvalidWatermark");
        assertThat(bench.subscribe("Z2FyYmFnZQ==")).contains("ErrorInvalidWatermark");
    }

    @Test
    void forgets_its_history_after_thirty_days() {
        var granted = SimulatorRequests.text(bench.subscribe(""), "m:Watermark");
        bench.ada.deliver("Old");
        bench.time.advance(Duration.ofDays(29));
        assertThat(bench.subscribe(granted)).contains("NoError");
        bench.time.advance(Duration.ofDays(2));
        assertThat(bench.subscribe(granted)).contains("ErrorInvalidWatermark");
        assertThat(bench.subscribe("")).contains("NoError");
    }

    @Test
    void does_not_end_push_subscriptions_on_request() {
        var id = SimulatorRequests.text(bench.subscribe(""), "m:SubscriptionId");
        var unsubscribe = "<m:Unsubscribe><m:SubscriptionId>%s</m:SubscriptionId></m:Unsubscribe>";

        assertThat(bench.request("ada@example.com", unsubscribe.formatted(id))).contains(">ErrorInvalidSubscription<");
        assertThat(bench.request("ada@example.com", unsubscribe.formatted("other")))
                .contains(">ErrorSubscriptionNotFound<");
        assertThat(bench.senders.live()).hasSize(1);
    }

    @Test
    void knows_only_its_mailboxes_and_keeps_some_to_themselves() {
        assertThat(bench.request("absent@example.com", SimulatorRequests.getFolder("inbox")))
                .contains("a:ErrorNonExistentMailbox");

        bench.organization.denied().add(new MailboxAddress("ada@example.com"));
        assertThat(bench.request("ada@example.com", SimulatorRequests.getFolder("inbox")))
                .contains("a:ErrorImpersonateUserDenied");
    }

    @Test
    void is_busy_in_both_ways_and_names_the_back_off() {
        bench.faults.backOff(Duration.ofMillis(297_749)).next(SimulatorFault.BUSY_FAULT, 1);
        assertThat(bench.subscribe(""))
                .contains("<s:Fault>")
                .contains("<e:ResponseCode")
                .contains("Name=\"BackOffMilliseconds\">297749<");

        bench.faults.next(SimulatorFault.BUSY_MESSAGE, 1);
        assertThat(bench.subscribe(""))
                .contains("<m:SubscribeResponseMessage ResponseClass=\"Error\">")
                .contains("<m:MessageXml><t:Value Name=\"BackOffMilliseconds\">297749<");
    }

    @Test
    void answers_a_document_with_a_dtd_with_a_fault() {
        var answer = bench.ews.handle(Optional.empty(), "<!DOCTYPE x><x/>");

        assertThat(answer)
                .isInstanceOf(SimulatorResponse.Reply.class)
                .asString()
                .contains("status=500");
    }

    @Test
    void synchronises_from_nothing_newest_first_page_by_page_and_then_only_changes() {
        for (var i = 0; i < 5; i++) {
            bench.ada.deliver("mail " + i);
        }
        var ids = new ArrayList<String>();
        var state = "";
        var last = "false";
        while (last.equals("false")) {
            var page = bench.request("ada@example.com", SimulatorRequests.syncFolderItems(state, 2));
            ids.addAll(ids(page));
            state = SimulatorRequests.text(page, "m:SyncState");
            last = SimulatorRequests.text(page, "m:IncludesLastItemInRange");
        }
        var inbox = bench.ada.items("inbox");
        assertThat(ids)
                .containsExactlyElementsOf(
                        inbox.reversed().stream().map(id -> id.id()).toList());

        bench.ada.delete(inbox.get(0));
        bench.ada.modify(inbox.get(1), "other");
        bench.ada.markRead(inbox.get(2), true);
        var fresh = bench.ada.deliver("fresh");
        var page = bench.request("ada@example.com", SimulatorRequests.syncFolderItems(state, 100));

        assertThat(page)
                .containsSubsequence("<t:Delete>", "<t:Update>", "<t:ReadFlagChange>", "<t:Create>", fresh.id());
        assertThat(ids(page)).hasSize(4);
    }

    @Test
    void refuses_a_sync_state_that_is_none_of_this_folder() {
        var state = SimulatorRequests.text(
                bench.request("ada@example.com", SimulatorRequests.syncFolderItems("", 5)), "m:SyncState");
        var other = bench.organization.add(new MailboxAddress("bob@example.com"));

        assertThat(bench.request("ada@example.com", SimulatorRequests.syncFolderItems("H4sIAAA=", 5)))
                .contains("ErrorInvalidSyncStateData");
        assertThat(bench.request(other.address().value(), SimulatorRequests.syncFolderItems(state, 5)))
                .contains("ErrorInvalidSyncStateData");
    }

    @Test
    void gives_items_by_their_exact_id_only() {
        var id = bench.ada.deliver("a < b & c").id();

        assertThat(id).startsWith("AAMk").hasSizeBetween(140, 160);
        assertThat(bench.request("ada@example.com", SimulatorRequests.getItem(id, id.toLowerCase(Locale.ROOT))))
                .contains("<t:Subject>a &lt; b &amp; c</t:Subject>")
                .contains("ErrorInvalidIdMalformed");
    }

    @Test
    void gives_ids_that_differ_in_case_only() {
        var ids = new ArrayList<String>();
        for (var i = 0; i < 40; i++) {
            ids.add(bench.ada.deliver("mail").id());
        }
        var folded = ids.stream().map(id -> id.toLowerCase(Locale.ROOT)).distinct();

        assertThat(ids).doesNotHaveDuplicates();
        assertThat(folded.count()).isLessThan(40);
    }

    @Test
    void a_moved_item_has_another_id() {
        var before = bench.ada.deliver("to be moved");
        var after = bench.ada.move(before, "deleteditems");

        assertThat(after).isNotEqualTo(before);
        assertThat(bench.ada.items("inbox")).isEmpty();
        assertThat(bench.ada.items("deleteditems")).containsExactly(after);
    }

    private static List<String> ids(String page) {
        var found = new ArrayList<String>();
        var matcher = Pattern.compile("<t:ItemId Id=\"([^\"]+)\"").matcher(page);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
