package dev.tidemark.simulator;

/// Builds requests as a client would.
final class SimulatorRequests {
    private SimulatorRequests() {}

    static String envelope(String mailbox, String body) {
        return """
               <?xml version="1.0" encoding="utf-8"?>
               <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
                   xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"
                   xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">
               <soap:Header><t:RequestServerVersion Version="Exchange2013_SP1"/>
               <t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>%s</t:PrimarySmtpAddress>
               </t:ConnectingSID></t:ExchangeImpersonation></soap:Header>
               <soap:Body>%s</soap:Body></soap:Envelope>""".formatted(mailbox, body);
    }

    static String subscribe(int statusFrequency, String watermark) {
        return subscribe(
                "",
                "<t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/></t:FolderIds>",
                watermark.isEmpty() ? "" : "<t:Watermark>" + watermark + "</t:Watermark>",
                "<t:StatusFrequency>" + statusFrequency + "</t:StatusFrequency>");
    }

    static String subscribe(String attributes, String folders, String watermark, String statusFrequency) {
        return "<m:Subscribe><m:PushSubscriptionRequest" + attributes + ">" + folders
                + "<t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes>" + watermark + statusFrequency
                + "<t:URL>http://127.0.0.1:9/hook/token</t:URL></m:PushSubscriptionRequest></m:Subscribe>";
    }

    static String syncFolderItems(String state, int limit) {
        return "<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
                + "<t:FieldURI FieldURI=\"item:DateTimeReceived\"/><t:FieldURI FieldURI=\"item:IsDraft\"/>"
                + "</t:AdditionalProperties></m:ItemShape><m:SyncFolderId><t:DistinguishedFolderId Id=\"inbox\"/>"
                + "</m:SyncFolderId>" + (state.isEmpty() ? "" : "<m:SyncState>" + state + "</m:SyncState>")
                + "<m:MaxChangesReturned>" + limit + "</m:MaxChangesReturned></m:SyncFolderItems>";
    }

    static String getItem(String... ids) {
        var items = new StringBuilder();
        for (var id : ids) {
            items.append("<t:ItemId Id=\"").append(id).append("\"/>");
        }
        return "<m:GetItem><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape><m:ItemIds>" + items
                + "</m:ItemIds></m:GetItem>";
    }

    static String getFolder(String name) {
        return "<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds>"
                + "<t:DistinguishedFolderId Id=\"" + name + "\"/></m:FolderIds></m:GetFolder>";
    }

    static String syncFolderHierarchy(String root, String state) {
        return "<m:SyncFolderHierarchy><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>"
                + (root.isEmpty()
                        ? ""
                        : "<m:SyncFolderId><t:DistinguishedFolderId Id=\"" + root + "\"/></m:SyncFolderId>")
                + (state.isEmpty() ? "" : "<m:SyncState>" + state + "</m:SyncState>") + "</m:SyncFolderHierarchy>";
    }

    static String findFolder(String parent, String traversal, int offset, int limit) {
        return "<m:FindFolder Traversal=\"" + traversal + "\"><m:FolderShape><t:BaseShape>Default</t:BaseShape>"
                + "</m:FolderShape><m:IndexedPageFolderView MaxEntriesReturned=\"" + limit + "\" Offset=\"" + offset
                + "\" BasePoint=\"Beginning\"/><m:ParentFolderIds><t:DistinguishedFolderId Id=\"" + parent
                + "\"/></m:ParentFolderIds></m:FindFolder>";
    }

    /// Returns the text of the first element of this name, prefix included.
    static String text(String document, String element) {
        var start = document.indexOf("<" + element + ">") + element.length() + 2;
        var end = document.indexOf("</" + element + ">");
        return end < 0 ? "" : document.substring(start, end);
    }
}
