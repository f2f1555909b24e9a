package dev.tidemark.simulator.fault;

import dev.tidemark.simulator.mailbox.SimulatorException;
import java.util.Arrays;
import java.util.Locale;

/// Entries of a list that no client can read, by the values of [SimulatorFault#CORRUPT_ITEM]. They are
/// additional: the entries beside them are whole.
public enum CorruptEntry {
    /// The item lacks its ItemId.
    NO_ID("<t:Create><t:Message><t:ItemClass>IPM.Note</t:ItemClass></t:Message></t:Create>", event("")),
    /// The ItemId has no Id.
    EMPTY_ID(
            "<t:Create><t:Message><t:ItemId ChangeKey=\"AAAA\"/><t:ItemClass>IPM.Note</t:ItemClass></t:Message></t:Create>",
            event("<t:ItemId ChangeKey=\"CQAAAA==\"/>")),
    /// The entry is empty.
    EMPTY("<t:Create/>", "<t:NewMailEvent/>"),
    /// The entry is of a kind that the schema does not have.
    UNKNOWN_KIND(
            "<t:Vanish><t:ItemId Id=\"AAMkVanished\" ChangeKey=\"AAAA\"/></t:Vanish>",
            "<t:VanishedEvent><t:ItemId Id=\"AAMkVanished\" ChangeKey=\"CQAAAA==\"/></t:VanishedEvent>");

    private final String change;
    private final String event;

    CorruptEntry(String change, String event) {
        this.change = change;
        this.event = event;
    }

    public static CorruptEntry of(String value) {
        return Arrays.stream(values())
                .filter(each -> each.wireName().equals(value))
                .findFirst()
                .orElseThrow(() -> new SimulatorException("There is no corrupt entry '" + value + "'; there are "
                        + Arrays.stream(values()).map(CorruptEntry::wireName).toList()
                        + " and, for GetItem, response codes."));
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Returns the entry for a SyncFolderItems page.
    public String change() {
        return change;
    }

    /// Returns the entry for a callback or a stream.
    public String event() {
        return event;
    }

    private static String event(String id) {
        return "<t:NewMailEvent><t:TimeStamp>2026-01-01T00:00:00Z</t:TimeStamp>" + id
                + "<t:ParentFolderId Id=\"AAMkNowhere\" ChangeKey=\"AQAAAA==\"/></t:NewMailEvent>";
    }
}
