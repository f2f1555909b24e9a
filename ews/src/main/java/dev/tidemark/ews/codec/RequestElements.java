package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ObjectId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Writes elements that several requests share: shapes, folders, ids and event types. Called by
/// [EwsRequestWriter]; has no state.
final class RequestElements {
    private RequestElements() {}

    static void writeShape(XmlBuilder xml, String element, List<String> fields) {
        xml.start(element).leaf("t:BaseShape", "IdOnly").start("t:AdditionalProperties");
        fields.forEach(field -> xml.start("t:FieldURI", "FieldURI", field).end());
        xml.end().end();
    }

    static void writeFolders(XmlBuilder xml, String element, List<FolderRef> folders) {
        xml.start(element);
        for (var folder : folders) {
            switch (folder) {
                case FolderRef.Distinguished known ->
                    xml.start("t:DistinguishedFolderId", "Id", known.name()).end();
                case FolderRef.ById byId -> writeId(xml, "t:FolderId", byId.id());
            }
        }
        xml.end();
    }

    /// Writes an id without its change key: reading needs none, and that of a notification may be incomplete.
    static void writeId(XmlBuilder xml, String element, ObjectId id) {
        xml.start(element, "Id", id.id()).end();
    }

    /// Writes folders and event types. Servers refuse a request with both all folders and named folders.
    static void writeSubscribed(XmlBuilder xml, List<FolderRef> folders, Set<ChangeKind> events) {
        if (folders.isEmpty()) {
            xml.attribute("SubscribeToAllFolders", "true");
        } else {
            writeFolders(xml, "t:FolderIds", folders);
        }
        xml.start("t:EventTypes");
        for (var kind : inOrder(events)) {
            xml.leaf("t:EventType", kind.elementName());
        }
        xml.end();
    }

    /// Returns the kinds in a fixed order, so that equal requests have equal bytes.
    private static Set<ChangeKind> inOrder(Set<ChangeKind> kinds) {
        return new TreeSet<>(kinds);
    }
}
