package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.w3c.dom.Element;

/// Implements GetServerTimeZones with the zones that clients ask for most, without daylight saving time.
final class ServerTimeZones {
    private static final String OPERATION = "GetServerTimeZones";

    private record Zone(String id, String name, Duration offset) {
        /// Returns what to add to local time for UTC.
        String bias() {
            return (offset.compareTo(Duration.ZERO) > 0 ? "-" : "") + offset.abs();
        }
    }

    private static final List<Zone> ZONES = List.of(
            zone("UTC", "(UTC) Coordinated Universal Time", 0),
            zone("GMT Standard Time", "(UTC+00:00) Dublin, Edinburgh, Lisbon, London", 0),
            zone("W. Europe Standard Time", "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", 60),
            zone("Romance Standard Time", "(UTC+01:00) Brussels, Copenhagen, Madrid, Paris", 60),
            zone("Central Europe Standard Time", "(UTC+01:00) Belgrade, Bratislava, Budapest, Ljubljana, Prague", 60),
            zone("E. Europe Standard Time", "(UTC+02:00) Chisinau", 120),
            zone("Russian Standard Time", "(UTC+03:00) Moscow, St. Petersburg", 180),
            zone("India Standard Time", "(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", 330),
            zone("China Standard Time", "(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi", 480),
            zone("Tokyo Standard Time", "(UTC+09:00) Osaka, Sapporo, Tokyo", 540),
            zone("AUS Eastern Standard Time", "(UTC+10:00) Canberra, Melbourne, Sydney", 600),
            zone("Eastern Standard Time", "(UTC-05:00) Eastern Time (US & Canada)", -300),
            zone("Central Standard Time", "(UTC-06:00) Central Time (US & Canada)", -360),
            zone("Mountain Standard Time", "(UTC-07:00) Mountain Time (US & Canada)", -420),
            zone("Pacific Standard Time", "(UTC-08:00) Pacific Time (US & Canada)", -480));

    private ServerTimeZones() {}

    private static Zone zone(String id, String name, int minutes) {
        return new Zone(id, name, Duration.ofMinutes(minutes));
    }

    static List<Consumer<XmlDocumentBuilder>> get(Element request, MailboxScope scope) {
        var full = !request.hasAttribute("ReturnFullTimeZoneData")
                || ChildElementReader.isTrue(request, "ReturnFullTimeZoneData");
        var parts = new ChildElementReader(request);
        var wanted = parts.optional(XmlDocumentBuilder.MESSAGES, "Ids").stream()
                .flatMap(ids -> ItemIdReader.children(ids).stream())
                .map(ChildElementReader::text)
                .toList();
        parts.end();
        return List.of(SoapWriter.success(OPERATION, xml -> {
            xml.open("m:TimeZoneDefinitions");
            ZONES.stream()
                    .filter(zone -> wanted.isEmpty() || wanted.contains(zone.id()))
                    .forEach(zone -> write(xml, zone, full));
            xml.close();
        }));
    }

    private static void write(XmlDocumentBuilder xml, Zone zone, boolean full) {
        xml.open("t:TimeZoneDefinition", "Id", zone.id(), "Name", zone.name());
        if (full) {
            xml.open("t:Periods")
                    .empty("t:Period", "Bias", zone.bias(), "Name", "Standard", "Id", "std")
                    .close();
            xml.open("t:TransitionsGroups").open("t:TransitionsGroup", "Id", "0");
            xml.open("t:Transition").text("t:To", "std", "Kind", "Period").close();
            xml.close().close();
            xml.open("t:Transitions").open("t:Transition");
            xml.text("t:To", "0", "Kind", "Group").close().close();
        }
        xml.close();
    }
}
