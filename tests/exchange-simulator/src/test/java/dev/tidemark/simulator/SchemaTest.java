package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.SimulatedMail;
import dev.tidemark.testsupport.EwsSchema;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Checks the simulator's output against the schema of Exchange Server SE, if that lies beside the project.
class SchemaTest {
    private final SimulatorTestBed bench = new SimulatorTestBed();
    private final MessagesSchema schema = new MessagesSchema();

    @BeforeEach
    void needs_the_schema() {
        assumeTrue(schema.isHere(), EwsSchema.ABSENT);
    }

    @Test
    void answers_are_valid() {
        var item = bench.ada.deliver("A mail");
        var meeting = bench.ada.deliver(SimulatedMail.of("A meeting").ofClass("IPM.Schedule.Meeting.Request"));
        bench.ada.create("notes", SimulatedMail.of("A note").ofClass("IPM.StickyNote"));
        var first = bench.request("ada@example.com", SimulatorRequests.syncFolderItems("", 10));
        bench.ada.delete(item);
        bench.ada.markRead(meeting, true);

        assertThat(Stream.of(
                        bench.subscribe(""),
                        bench.subscribe("AAAA"),
                        first,
                        bench.request(
                                "ada@example.com",
                                SimulatorRequests.syncFolderItems(SimulatorRequests.text(first, "m:SyncState"), 10)),
                        bench.request("ada@example.com", SimulatorRequests.syncFolderItems("AAAA", 10)),
                        bench.request("ada@example.com", SimulatorRequests.getItem(meeting.id(), item.id())),
                        bench.request("ada@example.com", SimulatorRequests.getFolder("inbox")),
                        bench.request("ada@example.com", SimulatorRequests.getFolder("nowhere"))))
                .allSatisfy(schema::check);
    }

    @Test
    void answers_about_folders_are_valid() {
        var folders = bench.ada.folders();
        var invoices = folders.create("inbox", "Invoices");
        var first = bench.request("ada@example.com", SimulatorRequests.syncFolderHierarchy("", ""));
        folders.rename(invoices, "Bills");
        folders.delete(folders.create(invoices.id(), "Paid"));

        assertThat(Stream.of(
                        first,
                        bench.request(
                                "ada@example.com",
                                SimulatorRequests.syncFolderHierarchy(
                                        "msgfolderroot",
                                        SimulatorRequests.text(
                                                bench.request(
                                                        "ada@example.com",
                                                        SimulatorRequests.syncFolderHierarchy("msgfolderroot", "")),
                                                "m:SyncState"))),
                        bench.request(
                                "ada@example.com",
                                SimulatorRequests.syncFolderHierarchy(
                                        "", SimulatorRequests.text(first, "m:SyncState"))),
                        bench.request("ada@example.com", SimulatorRequests.findFolder("msgfolderroot", "Deep", 2, 5)),
                        bench.request("ada@example.com", SimulatorRequests.findFolder("nowhere", "Shallow", 0, 5))))
                .allSatisfy(schema::check);
    }

    @Test
    void busy_messages_are_valid() {
        bench.faults.next(SimulatorFault.BUSY_MESSAGE, 1);

        schema.check(bench.subscribe(""));
    }

    @Test
    void call_backs_of_every_kind_are_valid() {
        var request = SimulatorRequests.subscribe(
                        " SubscribeToAllFolders=\"true\"", "", "", "<t:StatusFrequency>30</t:StatusFrequency>")
                .replace(
                        "<t:EventType>NewMailEvent</t:EventType>",
                        Stream.of("NewMail", "Created", "Deleted", "Modified", "Moved", "Copied", "FreeBusyChanged")
                                .map(kind -> "<t:EventType>" + kind + "Event</t:EventType>")
                                .reduce("", String::concat));
        bench.request("ada@example.com", request);
        bench.time.advance(Duration.ofSeconds(1));
        var item = bench.ada.deliver("A mail");
        bench.ada.markRead(item, true);
        bench.ada.copy(item, "sentitems");
        bench.ada.delete(bench.ada.move(item, "deleteditems"));
        bench.time.advance(Duration.ofHours(1));

        assertThat(String.join("", bench.bodies()))
                .contains("<t:NewMailEvent>", "<t:CreatedEvent>", "<t:DeletedEvent>", "<t:ModifiedEvent>")
                .contains("<t:MovedEvent>", "<t:CopiedEvent>", "<t:StatusEvent>", "<t:UnreadCount>");
        assertThat(bench.bodies()).allSatisfy(schema::check);
    }

    @Test
    void error_call_backs_are_invalid_as_captured_ones_are() {
        bench.subscribed();
        bench.senders.live().getFirst().fail("ErrorReadEventsFailed", "gone");

        assertThatThrownBy(() -> schema.validate(bench.bodies().getFirst())).hasMessageContaining("Notification");
    }
}
