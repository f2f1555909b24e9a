package dev.tidemark.ews;

import dev.tidemark.ews.EwsRequest.GetFolder;
import dev.tidemark.ews.EwsRequest.GetItem;
import dev.tidemark.ews.EwsRequest.SubscribePush;
import dev.tidemark.ews.EwsRequest.SyncFolderItems;
import dev.tidemark.ews.EwsRequest.Unsubscribe;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Writes requests as the schema orders their elements (XSD). Safe for use by many threads.
final class RequestWriter {
    /// What a synchronisation tells of each item; more would make pages slow.
    private static final List<String> SUMMARY_FIELDS = List.of(
            "item:ParentFolderId",
            "item:ItemClass",
            "item:DateTimeReceived",
            "item:DateTimeCreated",
            "item:LastModifiedTime",
            "item:IsDraft");

    private static final List<String> FOLDER_FIELDS = List.of("folder:DisplayName", "folder:TotalCount");

    private final String serverVersion;
    private final List<String> detailFields;

    RequestWriter(String serverVersion) {
        this.serverVersion = serverVersion;
        this.detailFields = DetailFields.of(serverVersion);
    }

    /// The request in its envelope, in UTF-8.
    byte[] write(EwsRequest<?> request, Optional<MailboxAddress> impersonated) {
        var xml = XmlBuilder.envelope();
        writeHeader(xml, impersonated);
        xml.start("s:Body").start("m:" + Operation.of(request).requestName());
        switch (request) {
            case SubscribePush subscribe -> writeSubscribe(xml, subscribe);
            case Unsubscribe unsubscribe ->
                xml.leaf("m:SubscriptionId", unsubscribe.subscriptionId().value());
            case SyncFolderItems sync -> writeSync(xml, sync);
            case GetItem get -> writeGetItem(xml, get);
            case GetFolder get -> writeGetFolder(xml, get);
        }
        return xml.bytes();
    }

    private void writeHeader(XmlBuilder xml, Optional<MailboxAddress> impersonated) {
        xml.start("s:Header");
        xml.start("t:RequestServerVersion", "Version", serverVersion).end();
        impersonated.ifPresent(address -> xml.start("t:ExchangeImpersonation")
                .start("t:ConnectingSID")
                .leaf("t:PrimarySmtpAddress", address.value())
                .end()
                .end());
        xml.end();
    }

    /// All folders and named folders exclude each other: servers refuse a request with both.
    private static void writeSubscribe(XmlBuilder xml, SubscribePush subscribe) {
        if (subscribe.folders().isEmpty()) {
            xml.start("m:PushSubscriptionRequest", "SubscribeToAllFolders", "true");
        } else {
            xml.start("m:PushSubscriptionRequest");
            writeFolders(xml, "t:FolderIds", subscribe.folders());
        }
        xml.start("t:EventTypes");
        for (var kind : inOrder(subscribe.events())) {
            xml.leaf("t:EventType", kind.elementName());
        }
        xml.end();
        subscribe.watermark().ifPresent(watermark -> xml.leaf("t:Watermark", watermark.value()));
        xml.leaf("t:StatusFrequency", Long.toString(subscribe.statusFrequency().toMinutes()));
        xml.leaf("t:URL", subscribe.url().toString()).end();
    }

    private static void writeSync(XmlBuilder xml, SyncFolderItems sync) {
        writeShape(xml, "m:ItemShape", SUMMARY_FIELDS);
        writeFolders(xml, "m:SyncFolderId", List.of(sync.folder()));
        sync.state().ifPresent(state -> xml.leaf("m:SyncState", state.value()));
        xml.leaf("m:MaxChangesReturned", Integer.toString(sync.maxChanges()));
    }

    private void writeGetItem(XmlBuilder xml, GetItem get) {
        writeShape(xml, "m:ItemShape", detailFields);
        xml.start("m:ItemIds");
        get.items().forEach(id -> writeId(xml, "t:ItemId", id));
        xml.end();
    }

    private static void writeGetFolder(XmlBuilder xml, GetFolder get) {
        writeShape(xml, "m:FolderShape", FOLDER_FIELDS);
        writeFolders(xml, "m:FolderIds", get.folders());
    }

    private static void writeShape(XmlBuilder xml, String element, List<String> fields) {
        xml.start(element).leaf("t:BaseShape", "IdOnly").start("t:AdditionalProperties");
        fields.forEach(field -> xml.start("t:FieldURI", "FieldURI", field).end());
        xml.end().end();
    }

    private static void writeFolders(XmlBuilder xml, String element, List<FolderRef> folders) {
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

    /// Without the change key: it may be a notification's stub, and reading needs none.
    private static void writeId(XmlBuilder xml, String element, ObjectId id) {
        xml.start(element, "Id", id.id()).end();
    }

    /// The same request is the same bytes.
    private static Set<ChangeKind> inOrder(Set<ChangeKind> kinds) {
        return new TreeSet<>(kinds);
    }
}
