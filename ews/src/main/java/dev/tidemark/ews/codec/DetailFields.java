package dev.tidemark.ews.codec;

import java.util.ArrayList;
import java.util.List;

/// Lists the properties that GetItem requests. An older schema rejects a request for a property that it does
/// not know (docs, requestserverversion). Has no state.
final class DetailFields {
    private static final List<String> ALWAYS = List.of(
            "item:ItemClass",
            "item:Subject",
            "item:Sensitivity",
            "item:DateTimeReceived",
            "item:Size",
            "item:Categories",
            "item:Importance",
            "item:InReplyTo",
            "item:DateTimeSent",
            "item:HasAttachments",
            "message:From",
            "message:ToRecipients",
            "message:CcRecipients",
            "message:ReplyTo",
            "message:InternetMessageId",
            "message:IsRead");

    private static final List<String> OF_APPOINTMENTS = List.of(
            "calendar:Start",
            "calendar:End",
            "calendar:IsAllDayEvent",
            "calendar:Organizer",
            "calendar:Location",
            "calendar:UID",
            "calendar:IsCancelled");

    private DetailFields() {}

    public static List<String> of(String serverVersion) {
        var fields = new ArrayList<>(ALWAYS);
        if (!serverVersion.startsWith("Exchange2007")) {
            fields.add("item:ConversationId");
            fields.addAll(OF_APPOINTMENTS);
            if (!serverVersion.startsWith("Exchange2010")) {
                fields.add("item:Preview");
            }
        }
        return List.copyOf(fields);
    }
}
