package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.ConnectingName;
import dev.tidemark.ews.message.DetailFields;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsCall.FindFolder;
import dev.tidemark.ews.message.EwsCall.GetEvents;
import dev.tidemark.ews.message.EwsCall.ResolveNames;
import dev.tidemark.ews.message.EwsCall.SubscribePull;
import dev.tidemark.ews.message.EwsCall.SubscribeStreaming;
import dev.tidemark.ews.message.EwsCall.SyncFolderHierarchy;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.ews.message.EwsRequest.GetFolder;
import dev.tidemark.ews.message.EwsRequest.GetItem;
import dev.tidemark.ews.message.EwsRequest.SubscribePush;
import dev.tidemark.ews.message.EwsRequest.SyncFolderItems;
import dev.tidemark.ews.message.EwsRequest.Unsubscribe;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ObjectId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Writes requests in the element order of the schema (XSD). Called by the threads that send requests.
/// Immutable and thread-safe.
public final class EwsRequestWriter {
    /// Properties of each item in a sync page; more of them would make pages slow.
    private static final List<String> SUMMARY_FIELDS = List.of(
            "item:ParentFolderId",
            "item:ItemClass",
            "item:DateTimeReceived",
            "item:DateTimeCreated",
            "item:LastModifiedTime",
            "item:IsDraft");

    private static final List<String> FOLDER_FIELDS = List.of("folder:DisplayName", "folder:TotalCount");

    private static final List<String> LISTED_FIELDS = List.of(
            "folder:ParentFolderId",
            "folder:FolderClass",
            "folder:DisplayName",
            "folder:TotalCount",
            "folder:ChildFolderCount");

    private final String serverVersion;
    private final ConnectingName connectingName;
    private final List<String> detailFields;

    public EwsRequestWriter(String serverVersion) {
        this(serverVersion, ConnectingName.defaultFor(serverVersion));
    }

    public EwsRequestWriter(String serverVersion, ConnectingName connectingName) {
        this.serverVersion = serverVersion;
        this.connectingName = connectingName;
        this.detailFields = DetailFields.of(serverVersion);
    }

    public String serverVersion() {
        return serverVersion;
    }

    /// Returns a writer for another version, with the same kind of names.
    public EwsRequestWriter withVersion(String otherVersion) {
        return new EwsRequestWriter(otherVersion, connectingName);
    }

    /// Returns the request in its envelope, in UTF-8.
    public byte[] write(EwsCall<?> call, Optional<MailboxAddress> impersonated) {
        var xml = XmlBuilder.envelope();
        writeHeader(xml, impersonated);
        xml.start("s:Body").start("m:" + EwsOperation.of(call).requestName());
        switch (call) {
            case SubscribePush subscribe -> writeSubscribe(xml, subscribe);
            case Unsubscribe unsubscribe ->
                xml.leaf("m:SubscriptionId", unsubscribe.subscriptionId().value());
            case SyncFolderItems sync -> writeSync(xml, sync);
            case GetItem get -> writeGetItem(xml, get);
            case GetFolder get -> writeGetFolder(xml, get);
            case SubscribePull subscribe -> writePull(xml, subscribe);
            case SubscribeStreaming subscribe -> writeStreaming(xml, subscribe);
            case GetEvents get -> writeGetEvents(xml, get);
            case SyncFolderHierarchy sync -> writeHierarchy(xml, sync);
            case FindFolder find -> writeFind(xml, find);
            case ResolveNames resolve -> writeResolve(xml, resolve);
        }
        return xml.bytes();
    }

    public byte[] write(GetStreamingEvents request, Optional<MailboxAddress> impersonated) {
        var xml = XmlBuilder.envelope();
        writeHeader(xml, impersonated);
        xml.start("s:Body").start("m:GetStreamingEvents").start("m:SubscriptionIds");
        request.subscriptions().forEach(id -> xml.leaf("t:SubscriptionId", id.value()));
        xml.end()
                .leaf(
                        "m:ConnectionTimeout",
                        Long.toString(request.connectionTimeout().toMinutes()));
        return xml.bytes();
    }

    private void writeHeader(XmlBuilder xml, Optional<MailboxAddress> impersonated) {
        xml.start("s:Header");
        xml.start("t:RequestServerVersion", "Version", serverVersion).end();
        impersonated.ifPresent(address -> xml.start("t:ExchangeImpersonation")
                .start("t:ConnectingSID")
                .leaf("t:" + connectingName.element(), address.value())
                .end()
                .end());
        xml.end();
    }

    private static void writeSubscribe(XmlBuilder xml, SubscribePush subscribe) {
        writeWanted(xml.start("m:PushSubscriptionRequest"), subscribe.folders(), subscribe.events());
        subscribe.watermark().ifPresent(watermark -> xml.leaf("t:Watermark", watermark.value()));
        xml.leaf("t:StatusFrequency", Long.toString(subscribe.statusFrequency().toMinutes()));
        xml.leaf("t:URL", subscribe.url().toString()).end();
    }

    private static void writePull(XmlBuilder xml, SubscribePull subscribe) {
        writeWanted(xml.start("m:PullSubscriptionRequest"), subscribe.folders(), subscribe.events());
        subscribe.watermark().ifPresent(watermark -> xml.leaf("t:Watermark", watermark.value()));
        xml.leaf("t:Timeout", Long.toString(subscribe.timeout().toMinutes())).end();
    }

    private static void writeStreaming(XmlBuilder xml, SubscribeStreaming subscribe) {
        writeWanted(xml.start("m:StreamingSubscriptionRequest"), subscribe.folders(), subscribe.events());
        xml.end();
    }

    /// Writes folders and event types. Servers refuse a request with both all folders and named folders.
    private static void writeWanted(XmlBuilder xml, List<FolderRef> folders, Set<ChangeKind> events) {
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

    private static void writeGetEvents(XmlBuilder xml, GetEvents get) {
        xml.leaf("m:SubscriptionId", get.subscriptionId().value());
        xml.leaf("m:Watermark", get.watermark().value());
    }

    private static void writeHierarchy(XmlBuilder xml, SyncFolderHierarchy sync) {
        writeShape(xml, "m:FolderShape", LISTED_FIELDS);
        sync.root().ifPresent(root -> writeFolders(xml, "m:SyncFolderId", List.of(root)));
        sync.state().ifPresent(state -> xml.leaf("m:SyncState", state.value()));
    }

    private static void writeFind(XmlBuilder xml, FindFolder find) {
        xml.attribute("Traversal", find.deep() ? "Deep" : "Shallow");
        writeShape(xml, "m:FolderShape", LISTED_FIELDS);
        xml.start("m:IndexedPageFolderView", "MaxEntriesReturned", Integer.toString(find.most()))
                .attribute("Offset", Integer.toString(find.offset()))
                .attribute("BasePoint", "Beginning")
                .end();
        writeFolders(xml, "m:ParentFolderIds", List.of(find.parent()));
    }

    private static void writeResolve(XmlBuilder xml, ResolveNames resolve) {
        xml.attribute("ReturnFullContactData", "false").attribute("SearchScope", "ActiveDirectory");
        xml.leaf("m:UnresolvedEntry", resolve.entry());
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

    /// Writes an id without its change key: reading needs none, and that of a notification may be incomplete.
    private static void writeId(XmlBuilder xml, String element, ObjectId id) {
        xml.start(element, "Id", id.id()).end();
    }

    /// Returns the kinds in a fixed order, so that equal requests have equal bytes.
    private static Set<ChangeKind> inOrder(Set<ChangeKind> kinds) {
        return new TreeSet<>(kinds);
    }
}
