package dev.tidemark.simulator.record;

import java.util.Set;
import java.util.regex.Pattern;
import org.w3c.dom.Element;

/// Decides which texts and attributes belong to the protocol, and are kept. All others belong to the user.
final class SafeVocabulary {
    private static final String AUTODISCOVER = "http://schemas.microsoft.com/exchange/2010/Autodiscover";

    /// Values that tell nothing about anybody in any element.
    private static final Pattern PLAIN =
            Pattern.compile("true|false|\\d{4}-\\d\\d-\\d\\dT[\\d:.]+(Z|[+-]\\d\\d:\\d\\d)?");

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_:.-]{1,64}");
    private static final Pattern CODE = Pattern.compile("(\\w+:)?(NoError|Error\\w+|Client|Server)");
    private static final Pattern CLASS = Pattern.compile("(IPM|IPF|REPORT)(\\.(IPM|Note|Appointment|Contact|Task"
            + "|StickyNote|Post|DistList|Schedule|Meeting|Request|Resp|Pos|Neg|Tent|Canceled|NDR|DR|IPNRN|IPNNRN))*");

    private static final Set<String> ELEMENTS = Set.of(
            ("BaseShape BodyType UniqueBodyType NormalizedBodyType EventType StatusFrequency Timeout ConnectionTimeout"
                            + " ConnectionStatus SubscriptionStatus "
                            + " MaxChangesReturned SyncScope RoutingType MailboxType DescriptiveLinkKey LineNumber"
                            + " LinePosition Importance Sensitivity LegacyFreeBusyStatus CalendarItemType MyResponseType"
                            + " OofState ExternalAudience AllowExternalOof DistinguishedFolderId Size MajorVersion"
                            + " MinorVersion MajorBuildNumber MinorBuildNumber")
                    .split(" "));

    private static final Set<String> ATTRIBUTES = Set.of(
            ("ResponseClass Version MajorVersion MinorVersion MajorBuildNumber MinorBuildNumber Traversal FieldURI"
                            + " FieldIndex BodyType DeleteType DeleteSubFolders MessageDisposition"
                            + " SendMeetingInvitations SendMeetingInvitationsOrCancellations SendMeetingCancellations"
                            + " ConflictResolution SaveItemToFolder SubscribeToAllFolders ReturnFullContactData"
                            + " SearchScope Format DestinationFormat Order BasePoint Offset MaxEntriesReturned"
                            + " IndexedPagingOffset TotalItemsInView IncludesLastItemInRange"
                            + " DistinguishedPropertySetId PropertySetId PropertyTag PropertyType PropertyId StartDate"
                            + " EndDate ContainmentMode ContainmentComparison Kind Bias ReturnFullTimeZoneData")
                    .split(" "));

    private static final Set<String> IDS =
            Set.of("SubscriptionId", "Watermark", "PreviousWatermark", "SyncState", "ConversationIndex", "UID");

    private SafeVocabulary() {}

    static boolean keepsText(Element element, String text) {
        var name = String.valueOf(element.getLocalName());
        if (PLAIN.matcher(text).matches()) {
            return true;
        }
        return switch (name) {
            case "ResponseCode", "ErrorCode", "faultcode" -> CODE.matcher(text).matches();
            case "ItemClass", "FolderClass" -> CLASS.matcher(text).matches();
            case "Setting", "Name", "RequestedServerVersion", "Version" ->
                AUTODISCOVER.equals(element.getNamespaceURI())
                        && WORD.matcher(text).matches();
            case "Value" -> keepsValue(element, text);
            default -> ELEMENTS.contains(name) ? WORD.matcher(text).matches() : isCount(name, text);
        };
    }

    private static boolean isCount(String name, String text) {
        return name.endsWith("Count") && text.matches("\\d{1,10}");
    }

    /// Keeps the back-off and the inner code of MessageXml.
    private static boolean keepsValue(Element element, String text) {
        return switch (element.getAttribute("Name")) {
            case "BackOffMilliseconds" -> text.matches("\\d{1,10}");
            case "InnerErrorResponseCode" -> CODE.matcher(text).matches();
            default -> false;
        };
    }

    static boolean keepsAttribute(Element element, String name, String value) {
        if (name.startsWith("xmlns")
                || name.contains(":")
                || PLAIN.matcher(value).matches()) {
            return true;
        }
        return switch (name) {
            case "Id" -> "DistinguishedFolderId".equals(element.getLocalName()) && value.matches("[a-z]{1,40}");
            case "Key" -> "Entry".equals(element.getLocalName()) && value.matches("[A-Za-z]{1,30}\\d?");
            case "Name" ->
                Set.of("BackOffMilliseconds", "InnerErrorResponseCode", "SubscriptionId")
                        .contains(value);
            default -> ATTRIBUTES.contains(name);
        };
    }

    /// Returns whether the text of an element is an id.
    static boolean isId(Element element) {
        return IDS.contains(String.valueOf(element.getLocalName()))
                || "SubscriptionId".equals(element.getAttribute("Name"));
    }
}
