package dev.tidemark.simulator;

/// Builds requests that change a mailbox.
final class MailboxRequests {
    private static final String SHAPE = "<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>";

    private MailboxRequests() {}

    static String createMessage(String disposition, String subject, String recipients) {
        return create(
                " MessageDisposition=\"" + disposition + "\"",
                "<t:Message><t:Subject>" + subject
                        + "</t:Subject><t:Body BodyType=\"HTML\">&lt;p&gt;Hi&lt;/p&gt;</t:Body>" + recipients
                        + "</t:Message>");
    }

    static String create(String attributes, String item) {
        return "<m:CreateItem" + attributes + "><m:Items>" + item + "</m:Items></m:CreateItem>";
    }

    static String to(String kind, String address) {
        return "<t:" + kind + "Recipients><t:Mailbox><t:EmailAddress>" + address + "</t:EmailAddress></t:Mailbox></t:"
                + kind + "Recipients>";
    }

    static String update(String id, String updates) {
        return "<m:UpdateItem ConflictResolution=\"AutoResolve\" MessageDisposition=\"SaveOnly\"><m:ItemChanges>"
                + "<t:ItemChange><t:ItemId Id=\"" + id + "\"/><t:Updates>" + updates
                + "</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>";
    }

    static String set(String field, String element, String property) {
        return "<t:SetItemField><t:FieldURI FieldURI=\"" + field + "\"/><t:" + element + ">" + property + "</t:"
                + element + "></t:SetItemField>";
    }

    static String transfer(String operation, String folder, String id) {
        return "<m:" + operation + "><m:ToFolderId>" + distinguished(folder)
                + "</m:ToFolderId><m:ItemIds><t:ItemId Id=\"" + id + "\"/></m:ItemIds></m:" + operation + ">";
    }

    static String delete(String kind, String id) {
        return "<m:DeleteItem DeleteType=\"" + kind + "\"><m:ItemIds><t:ItemId Id=\"" + id
                + "\"/></m:ItemIds></m:DeleteItem>";
    }

    static String find(String folder, String conditions) {
        return "<m:FindItem Traversal=\"Shallow\">" + SHAPE + conditions + "<m:ParentFolderIds>" + distinguished(folder)
                + "</m:ParentFolderIds></m:FindItem>";
    }

    static String createFolder(String parent, String name) {
        return "<m:CreateFolder><m:ParentFolderId>" + distinguished(parent) + "</m:ParentFolderId><m:Folders><t:Folder>"
                + "<t:DisplayName>" + name + "</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>";
    }

    static String onFolder(String operation, String attributes, String before, String id) {
        return "<m:" + operation + attributes + ">" + before + "<m:FolderIds><t:FolderId Id=\"" + id
                + "\"/></m:FolderIds></m:" + operation + ">";
    }

    static String pull(int minutes) {
        return "<m:Subscribe><m:PullSubscriptionRequest><t:FolderIds>" + distinguished("inbox")
                + "</t:FolderIds><t:EventTypes><t:EventType>NewMailEvent</t:EventType><t:EventType>CreatedEvent"
                + "</t:EventType><t:EventType>ModifiedEvent</t:EventType><t:EventType>MovedEvent</t:EventType>"
                + "</t:EventTypes><t:Timeout>" + minutes + "</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>";
    }

    static String getEvents(String subscription, String watermark) {
        return "<m:GetEvents><m:SubscriptionId>" + subscription + "</m:SubscriptionId><m:Watermark>" + watermark
                + "</m:Watermark></m:GetEvents>";
    }

    static String convertId(String from, String id, String to) {
        return "<m:ConvertId DestinationFormat=\"" + to + "\"><m:SourceIds><t:AlternateId Format=\"" + from + "\" Id=\""
                + id + "\" Mailbox=\"ada@example.com\"/></m:SourceIds></m:ConvertId>";
    }

    static String timeZones() {
        return "<m:GetServerTimeZones ReturnFullTimeZoneData=\"true\"/>";
    }

    static String oof() {
        return "<m:GetUserOofSettingsRequest><t:Mailbox><t:Address>ada@example.com</t:Address></t:Mailbox>"
                + "</m:GetUserOofSettingsRequest>";
    }

    static String expand(String group) {
        return "<m:ExpandDL><m:Mailbox><t:EmailAddress>" + group + "</t:EmailAddress></m:Mailbox></m:ExpandDL>";
    }

    static String markAll() {
        return "<m:MarkAllItemsAsRead><m:ReadFlag>true</m:ReadFlag><m:SuppressReadReceipts>true"
                + "</m:SuppressReadReceipts><m:FolderIds>" + distinguished("inbox")
                + "</m:FolderIds></m:MarkAllItemsAsRead>";
    }

    private static String distinguished(String name) {
        return "<t:DistinguishedFolderId Id=\"" + name + "\"/>";
    }
}
