package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.ConnectingName;
import dev.tidemark.ews.message.ConnectingName.SidLookup;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsCall.CreateMessage;
import dev.tidemark.ews.message.EwsCall.DeleteItem;
import dev.tidemark.ews.message.EwsCall.ExpandGroup;
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
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.values.MailboxAddress;
import java.util.List;
import java.util.Optional;

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
    private final SidLookup sids;
    private final List<String> detailFields;

    public EwsRequestWriter(String serverVersion) {
        this(serverVersion, ConnectingName.defaultFor(serverVersion), SidLookup.NONE);
    }

    /// @param sids SIDs of the mailboxes, for [ConnectingName#SID] only
    public EwsRequestWriter(String serverVersion, ConnectingName connectingName, SidLookup sids) {
        this.serverVersion = serverVersion;
        this.connectingName = connectingName;
        this.sids = sids;
        this.detailFields = DetailFields.of(serverVersion);
    }

    public String serverVersion() {
        return serverVersion;
    }

    /// Returns a writer for another version, with the same kind of names.
    public EwsRequestWriter withVersion(String otherVersion) {
        return new EwsRequestWriter(otherVersion, connectingName, sids);
    }

    /// Returns the name by which the mailbox is impersonated; empty for a mailbox whose SID is needed and unknown.
    public Optional<String> nameOf(MailboxAddress mailbox) {
        return connectingName == ConnectingName.SID ? sids.find(mailbox) : Optional.of(mailbox.value());
    }

    /// Returns the request in its envelope, in UTF-8. The impersonated mailbox must have a name ([#nameOf]).
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
            case ExpandGroup expand ->
                xml.start("m:Mailbox")
                        .leaf("t:EmailAddress", expand.group().value())
                        .end();
            case CreateMessage create -> ItemChangeWriter.writeCreate(xml, create);
            case DeleteItem delete -> ItemChangeWriter.writeDelete(xml, delete);
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

    /// Writes an empty name if a reload removed the mailbox after [#nameOf]; Exchange refuses the request.
    private void writeHeader(XmlBuilder xml, Optional<MailboxAddress> impersonated) {
        xml.start("s:Header");
        xml.start("t:RequestServerVersion", "Version", serverVersion).end();
        impersonated.ifPresent(address -> xml.start("t:ExchangeImpersonation")
                .start("t:ConnectingSID")
                .leaf("t:" + connectingName.element(), nameOf(address).orElse(""))
                .end()
                .end());
        xml.end();
    }

    private static void writeSubscribe(XmlBuilder xml, SubscribePush subscribe) {
        RequestElements.writeSubscribed(
                xml.start("m:PushSubscriptionRequest"), subscribe.folders(), subscribe.events());
        subscribe.watermark().ifPresent(watermark -> xml.leaf("t:Watermark", watermark.value()));
        xml.leaf("t:StatusFrequency", Long.toString(subscribe.statusFrequency().toMinutes()));
        xml.leaf("t:URL", subscribe.url().toString()).end();
    }

    private static void writePull(XmlBuilder xml, SubscribePull subscribe) {
        RequestElements.writeSubscribed(
                xml.start("m:PullSubscriptionRequest"), subscribe.folders(), subscribe.events());
        subscribe.watermark().ifPresent(watermark -> xml.leaf("t:Watermark", watermark.value()));
        xml.leaf("t:Timeout", Long.toString(subscribe.timeout().toMinutes())).end();
    }

    private static void writeStreaming(XmlBuilder xml, SubscribeStreaming subscribe) {
        RequestElements.writeSubscribed(
                xml.start("m:StreamingSubscriptionRequest"), subscribe.folders(), subscribe.events());
        xml.end();
    }

    private static void writeGetEvents(XmlBuilder xml, GetEvents get) {
        xml.leaf("m:SubscriptionId", get.subscriptionId().value());
        xml.leaf("m:Watermark", get.watermark().value());
    }

    private static void writeHierarchy(XmlBuilder xml, SyncFolderHierarchy sync) {
        RequestElements.writeShape(xml, "m:FolderShape", LISTED_FIELDS);
        sync.root().ifPresent(root -> RequestElements.writeFolders(xml, "m:SyncFolderId", List.of(root)));
        sync.state().ifPresent(state -> xml.leaf("m:SyncState", state.value()));
    }

    private static void writeFind(XmlBuilder xml, FindFolder find) {
        xml.attribute("Traversal", find.deep() ? "Deep" : "Shallow");
        RequestElements.writeShape(xml, "m:FolderShape", LISTED_FIELDS);
        xml.start("m:IndexedPageFolderView", "MaxEntriesReturned", Integer.toString(find.limit()))
                .attribute("Offset", Integer.toString(find.offset()))
                .attribute("BasePoint", "Beginning")
                .end();
        RequestElements.writeFolders(xml, "m:ParentFolderIds", List.of(find.parent()));
    }

    private static void writeResolve(XmlBuilder xml, ResolveNames resolve) {
        xml.attribute("ReturnFullContactData", "false").attribute("SearchScope", "ActiveDirectory");
        xml.leaf("m:UnresolvedEntry", resolve.entry());
    }

    private static void writeSync(XmlBuilder xml, SyncFolderItems sync) {
        RequestElements.writeShape(xml, "m:ItemShape", SUMMARY_FIELDS);
        RequestElements.writeFolders(xml, "m:SyncFolderId", List.of(sync.folder()));
        sync.state().ifPresent(state -> xml.leaf("m:SyncState", state.value()));
        xml.leaf("m:MaxChangesReturned", Integer.toString(sync.maxChanges()));
    }

    private void writeGetItem(XmlBuilder xml, GetItem get) {
        RequestElements.writeShape(xml, "m:ItemShape", detailFields);
        xml.start("m:ItemIds");
        get.items().forEach(id -> RequestElements.writeId(xml, "t:ItemId", id));
        xml.end();
    }

    private static void writeGetFolder(XmlBuilder xml, GetFolder get) {
        RequestElements.writeShape(xml, "m:FolderShape", FOLDER_FIELDS);
        RequestElements.writeFolders(xml, "m:FolderIds", get.folders());
    }
}
