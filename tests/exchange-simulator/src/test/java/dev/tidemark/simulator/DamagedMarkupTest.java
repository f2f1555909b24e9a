package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.fault.CorruptEntry;
import dev.tidemark.simulator.fault.FaultScope;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests damaged responses and callbacks: only the damaged part differs.
class DamagedMarkupTest {
    private static final String ADA = "ada@example.com";

    private final SimulatorTestBed bench = new SimulatorTestBed();

    @ParameterizedTest
    @EnumSource(CorruptEntry.class)
    void a_corrupt_entry_stands_beside_whole_ones(CorruptEntry entry) {
        bench.subscribed();
        bench.faults.next(SimulatorFault.CORRUPT_ITEM, FaultScope.ANYWHERE.withValue(entry.wireName()), 2);
        var id = bench.ada.deliver("a mail").id();

        assertThat(bench.bodies().getFirst()).contains(id, "<t:NewMailEvent>").contains(beginning(entry.event()));
        assertThat(bench.request(ADA, SimulatorRequests.syncFolderItems("", 10)))
                .contains(id)
                .contains(entry.change());
        assertThat(bench.request(ADA, SimulatorRequests.syncFolderItems("", 10)))
                .doesNotContain(entry.change());
    }

    @Test
    void a_corrupt_event_carries_the_watermark_before_it() {
        bench.subscribed();
        bench.faults.next(SimulatorFault.CORRUPT_ITEM, 1);
        bench.ada.deliver("a mail");

        var body = bench.bodies().getFirst();
        assertThat(SimulatorRequests.text(body, "t:Watermark"))
                .isEqualTo(SimulatorRequests.text(body, "t:PreviousWatermark"));
    }

    @Test
    void a_stream_carries_a_corrupt_event_as_well() {
        var granted = bench.request(
                ADA,
                "<m:Subscribe><m:StreamingSubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/>"
                        + "</t:FolderIds><t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes>"
                        + "</m:StreamingSubscriptionRequest></m:Subscribe>");
        var id = bench.ada.deliver("a mail").id();
        bench.faults.next(SimulatorFault.CORRUPT_ITEM, FaultScope.ANYWHERE.inOperation("GetStreamingEvents"), 1);
        var opened = bench.ews.handle(
                Optional.empty(),
                SimulatorRequests.envelope(
                        ADA,
                        "<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>"
                                + SimulatorRequests.text(granted, "m:SubscriptionId")
                                + "</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout>"
                                + "</m:GetStreamingEvents>"));
        var flow = ((SimulatorResponse.Streamed) opened).flow();

        assertThat(flow.next().orElseThrow()).contains("<m:ConnectionStatus>OK<");
        assertThat(flow.next().orElseThrow()).contains(id).containsPattern("NewMailEvent>.*<t:NewMailEvent>");
    }

    @Test
    void a_heartbeat_has_no_entries() {
        bench.subscribed();
        bench.faults.next(SimulatorFault.CORRUPT_ITEM, 1);
        bench.time.advance(Duration.ofMinutes(31));

        assertThat(bench.bodies().getFirst()).contains("StatusEvent").doesNotContain("NewMailEvent");
    }

    @ParameterizedTest
    @CsvSource({"'', ErrorItemCorrupt", "ErrorMimeContentInvalid, ErrorMimeContentInvalid"})
    void one_item_of_several_is_corrupt(String value, String code) {
        var first = bench.ada.deliver("first").id();
        var second = bench.ada.deliver("second").id();
        bench.faults.next(
                SimulatorFault.CORRUPT_ITEM,
                value.isEmpty() ? FaultScope.ANYWHERE : FaultScope.ANYWHERE.withValue(value),
                1);

        assertThat(bench.request(ADA, SimulatorRequests.getItem(first, second)))
                .contains("<m:ResponseCode>" + code + "</m:ResponseCode>", second)
                .doesNotContain(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"&#x1F;", "&#x0;", "&#xD800;", "&#xFFFE;", "\u0001"})
    void forbidden_characters_stand_in_texts(String characters) {
        bench.subscribed();
        bench.faults.rate(SimulatorFault.CONTROL_CHARACTERS, FaultScope.ANYWHERE.withValue(characters), 1);
        var id = bench.ada.deliver("a mail").id();

        assertThat(bench.request(ADA, SimulatorRequests.getItem(id)))
                .contains("<t:Subject>a mail" + characters + "</t:Subject>");
        assertThat(bench.request(ADA, SimulatorRequests.getFolder("inbox")))
                .contains("<m:MessageText>" + characters + "</m:MessageText>");
        assertThat(bench.bodies().getFirst()).contains("<m:MessageText>" + characters + "</m:MessageText>", id);
    }

    @Test
    void a_page_of_items_repeats_itself() {
        for (var i = 0; i < 3; i++) {
            bench.ada.deliver("mail " + i);
        }
        var state = state(bench.request(ADA, SimulatorRequests.syncFolderItems("", 2)));
        bench.faults.next(SimulatorFault.REPEAT_PAGE, 2);
        var page = bench.request(ADA, SimulatorRequests.syncFolderItems(state, 2));

        assertThat(state(page)).isEqualTo(state);
        assertThat(page).contains("<m:IncludesLastItemInRange>false<");
        assertThat(bench.request(ADA, SimulatorRequests.syncFolderItems(state, 2)))
                .isEqualTo(page);
        assertThat(bench.request(ADA, SimulatorRequests.syncFolderItems(state, 2)))
                .contains("<m:IncludesLastItemInRange>true<");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void two_states_take_turns(boolean items) {
        bench.ada.deliver("a mail");
        var first = state(page(items, ""));
        bench.faults.next(SimulatorFault.REPEAT_PAGE, FaultScope.ANYWHERE.withValue("circle"), 3);

        var second = state(page(items, first));
        assertThat(second).isNotEqualTo(first);
        assertThat(state(page(items, second))).isEqualTo(first);
        assertThat(page(items, first)).contains(">false<").doesNotContain("ErrorInvalidSyncStateData");
        assertThat(page(items, second)).contains(">true<");
    }

    @Test
    void a_hierarchy_and_a_list_of_folders_repeat_themselves() {
        var state = state(page(false, ""));
        bench.faults.rate(SimulatorFault.REPEAT_PAGE, 1);

        assertThat(state(page(false, state))).isEqualTo(state);
        assertThat(page(false, state)).contains("<m:IncludesLastFolderInRange>false<");
        assertThat(bench.request(ADA, SimulatorRequests.findFolder("msgfolderroot", "Deep", 2, 5)))
                .contains("IndexedPagingOffset=\"2\"", "IncludesLastItemInRange=\"false\"");
    }

    @Test
    void a_fault_of_one_mailbox_spares_the_callbacks_of_another() {
        var other = bench.organization.add(new MailboxAddress("bob@example.com"));
        bench.request("bob@example.com", SimulatorRequests.subscribe(30, ""));
        bench.subscribed();
        bench.faults.rate(SimulatorFault.CORRUPT_ITEM, FaultScope.ANYWHERE.inMailbox(bench.ada.address()), 1);
        other.deliver("whole");
        bench.ada.deliver("damaged");

        assertThat(bench.bodies().getFirst()).containsOnlyOnce("<t:NewMailEvent>");
        assertThat(bench.bodies().getLast())
                .contains("<t:NewMailEvent>")
                .containsPattern("(?s)NewMailEvent>.*NewMailEvent>");
    }

    private String page(boolean items, String state) {
        return bench.request(
                ADA,
                items
                        ? SimulatorRequests.syncFolderItems(state, 10)
                        : SimulatorRequests.syncFolderHierarchy("", state));
    }

    private static String state(String page) {
        return SimulatorRequests.text(page, "m:SyncState");
    }

    private static String beginning(String event) {
        return event.substring(0, event.contains("Event>") ? event.indexOf("Event>") : event.length());
    }
}
