package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.EwsCall.CreateMessage;
import dev.tidemark.ews.message.EwsCall.DeleteItem;
import java.util.List;

/// Writes requests that change items. Called by [EwsRequestWriter]; has no state.
final class ItemChangeWriter {
    private ItemChangeWriter() {}

    static void writeCreate(XmlBuilder xml, CreateMessage create) {
        xml.attribute("MessageDisposition", "SaveOnly");
        RequestElements.writeFolders(xml, "m:SavedItemFolderId", List.of(create.folder()));
        xml.start("m:Items")
                .start("t:Message")
                .leaf("t:Subject", create.subject())
                .end()
                .end();
    }

    static void writeDelete(XmlBuilder xml, DeleteItem delete) {
        xml.attribute("DeleteType", "HardDelete").start("m:ItemIds");
        RequestElements.writeId(xml, "t:ItemId", delete.item());
        xml.end();
    }
}
