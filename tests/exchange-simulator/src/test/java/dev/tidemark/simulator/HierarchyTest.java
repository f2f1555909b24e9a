package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.simulator.mailbox.SimulatedFolders;
import dev.tidemark.simulator.mailbox.SimulatedMail;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HierarchyTest {
    private final SimulatorTestBed bench = new SimulatorTestBed();
    private final SimulatedFolders folders = bench.ada.folders();

    @Test
    void refuses_a_state_of_another_root_and_one_that_is_none() {
        var whole = SimulatorRequests.text(request(SimulatorRequests.syncFolderHierarchy("", "")), "m:SyncState");

        assertThat(request(SimulatorRequests.syncFolderHierarchy("inbox", whole)))
                .contains("ErrorInvalidSyncStateData");
        assertThat(request(SimulatorRequests.syncFolderHierarchy("inbox", "AAAA")))
                .contains("ErrorInvalidSyncStateData");
        assertThat(request(SimulatorRequests.syncFolderHierarchy("nowhere", "")))
                .contains("ErrorSyncFolderNotFound");
    }

    @Test
    void refuses_a_second_folder_of_one_name_and_a_folder_below_itself() {
        var invoices = folders.create("inbox", "Invoices");
        var paid = folders.create(invoices.id(), "Paid");

        assertThatThrownBy(() -> folders.create("inbox", "invoices")).hasMessageContaining("already");
        assertThatThrownBy(() -> folders.move(invoices, paid.id())).hasMessageContaining("below itself");
        assertThatThrownBy(() -> folders.delete(folders.id("inbox"))).hasMessageContaining("cannot be removed");
    }

    @Test
    void tells_all_folders_first_and_then_what_has_changed() {
        var invoices = folders.create("inbox", "Invoices");
        var first = request(SimulatorRequests.syncFolderHierarchy("", ""));

        assertThat(first)
                .contains("Sent Items", "<t:CalendarFolder>", "Invoices")
                .doesNotContain("<t:Update>");

        var paid = folders.create(invoices.id(), "Paid");
        folders.rename(invoices, "Bills");
        var second = request(SimulatorRequests.syncFolderHierarchy("", SimulatorRequests.text(first, "m:SyncState")));

        assertThat(second).contains("<t:Create>", "Paid", "<t:Update>", "Bills").doesNotContain("Sent Items");

        folders.delete(invoices);
        var third = request(SimulatorRequests.syncFolderHierarchy("", SimulatorRequests.text(second, "m:SyncState")));

        assertThat(third).contains("<t:Delete>", invoices.id(), paid.id()).doesNotContain("<t:Create>");
    }

    @Test
    void finds_folders_right_below_one_or_all_below_it_page_by_page() {
        var invoices = folders.create("inbox", "Invoices");
        folders.create(invoices.id(), "Paid");

        assertThat(request(SimulatorRequests.findFolder("inbox", "Shallow", 0, 10)))
                .contains("Invoices", "<t:ChildFolderCount>1<")
                .doesNotContain("Paid");
        assertThat(request(SimulatorRequests.findFolder("inbox", "Deep", 0, 10)))
                .contains("Invoices", "Paid");
        assertThat(request(SimulatorRequests.findFolder("inbox", "Deep", 1, 1)))
                .contains("Paid", "IncludesLastItemInRange=\"true\"", "TotalItemsInView=\"2\"")
                .doesNotContain("Invoices");
    }

    @Test
    void a_moved_folder_keeps_its_id_and_what_is_in_it() {
        var invoices = folders.create("inbox", "Invoices");
        var item = bench.ada.deliver(invoices.id(), SimulatedMail.of("An invoice"));

        folders.move(invoices, "deleteditems");

        assertThat(folders.of("deleteditems")).containsExactly(invoices);
        assertThat(folders.of("inbox")).isEmpty();
        assertThat(bench.ada.items(invoices.id())).containsExactly(item);
    }

    @Test
    void a_subscription_to_all_folders_hears_of_subfolders_and_one_to_the_inbox_does_not() {
        bench.subscribed();
        bench.request(
                "ada@example.com",
                SimulatorRequests.subscribe(
                        " SubscribeToAllFolders=\"true\"", "", "", "<t:StatusFrequency>30</t:StatusFrequency>"));
        bench.time.advance(Duration.ofSeconds(1));
        var invoices = folders.create("inbox", "Invoices");

        bench.ada.deliver(invoices.id(), SimulatedMail.of("An invoice"));
        bench.time.advance(Duration.ofSeconds(1));

        assertThat(bench.bodies())
                .filteredOn(body -> body.contains("NewMailEvent"))
                .hasSize(1);
    }

    private String request(String body) {
        return bench.request("ada@example.com", body);
    }
}
