package dev.tidemark.benchmarks.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// HTTP request of a notification with fixed-width gaps, so that filling them takes a few copies. Ids are as
/// long as Exchange's.
public final class RequestTemplate {
    public static final String ITEM = "AAMkAGYzNDgzOTU5LTM2ZTAtNGExMC04YjQyLTlkMzUxM2MzZjBkOQBGAAAAAADq".repeat(2);
    private static final String FOLDER = "AAMkAGYzNDgzOTU5LTM2ZTAtNGExMC04YjQyLTlkMzUxM2MzZjBkOQAuAAAAAADq".repeat(2);
    private static final int TOKEN = 46;
    public static final int MAILBOX = 8;
    public static final int COUNTER = 16;
    private static final String WATERMARK_START = "AQAAAMNuF7kqPUVOj0b";
    private static final String WATERMARK_END = "AAAA=";

    /// Increment of the watermark's counter per notification, regardless of its events.
    private static final int STEP = 4;

    private enum Kind {
        TOKEN,
        MAILBOX,
        NOTIFICATION,
        WATERMARK
    }

    private record Blank(int at, Kind kind, int delta) {}

    private final byte[] form;
    private final List<Blank> blanks;

    private RequestTemplate(byte[] form, List<Blank> blanks) {
        this.form = form;
        this.blanks = List.copyOf(blanks);
    }

    public static String subscriptionId(int mailbox) {
        return "EQBtYWlsLmV4YW1wbGUuY29tEAAAABk4b3J0aCBhbmQgc291dGggYXJl%08x".formatted(mailbox);
    }

    /// Returns the last watermark of the notification with this number. 0 is the heartbeat before the first, -1
    /// the subscription's initial watermark.
    public static String watermark(int number) {
        return WATERMARK_START + "%016x".formatted(number * STEP + STEP - 1L) + WATERMARK_END;
    }

    /// Returns the notification of one new message: only the NewMail event, or also the two events that
    /// Exchange adds. The events happened at `now`.
    public static RequestTemplate of(int events, boolean keepAlive, Instant now) {
        var body = new Writer();
        body(body, events, now.truncatedTo(ChronoUnit.SECONDS).toString());
        var head = new Writer();
        head.text("POST /ews/notifications/").blank(Kind.TOKEN, TOKEN, 0).text(" HTTP/1.1\r\n");
        head.text("Host: 127.0.0.1\r\nAccept: text/xml\r\nContent-Type: text/xml; charset=utf-8\r\n");
        head.text("SOAPAction: http://schemas.microsoft.com/exchange/services/2006/messages/SendNotification\r\n");
        head.text("Content-Length: " + body.size() + "\r\n").text(keepAlive ? "\r\n" : "Connection: close\r\n\r\n");
        return head.then(body).done();
    }

    public int length() {
        return form.length;
    }

    /// Writes the mailbox's notification with this number, from 1, to `to`.
    public void fill(byte[] to, byte[] token, int mailbox, long number) {
        System.arraycopy(form, 0, to, 0, form.length);
        for (var blank : blanks) {
            switch (blank.kind()) {
                case TOKEN -> System.arraycopy(token, 0, to, blank.at(), TOKEN);
                case MAILBOX -> hex(to, blank.at(), MAILBOX, mailbox);
                case NOTIFICATION -> hex(to, blank.at(), COUNTER, number);
                case WATERMARK -> hex(to, blank.at(), COUNTER, number * STEP + blank.delta());
            }
        }
    }

    /// Returns the places of the gaps that depend on the notification's number, as lines: length and count, then
    /// place, factor and addend of each.
    String gaps() {
        var numbered = blanks.stream()
                .filter(blank -> blank.kind() == Kind.NOTIFICATION || blank.kind() == Kind.WATERMARK)
                .map(blank ->
                        "%d %d %d\n".formatted(blank.at(), blank.kind() == Kind.WATERMARK ? STEP : 1, blank.delta()))
                .toList();
        return "%d %d\n".formatted(form.length, numbered.size()) + String.join("", numbered);
    }

    private static void hex(byte[] to, int at, int width, long value) {
        var rest = value;
        for (var place = at + width - 1; place >= at; place--, rest >>>= 4) {
            to[place] = (byte) Character.forDigit((int) rest & 15, 16);
        }
    }

    private static void body(Writer out, int events, String time) {
        out.text("""
                <?xml version="1.0" encoding="utf-8"?>\
                <soap11:Envelope xmlns:soap11="http://schemas.xmlsoap.org/soap/envelope/">\
                <soap11:Header><t:RequestServerVersion \
                xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" Version="Exchange2013_SP1"/>\
                </soap11:Header><soap11:Body>\
                <m:SendNotification xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" \
                xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><m:ResponseMessages>\
                <m:SendNotificationResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>\
                <m:Notification><t:SubscriptionId>""");
        var id = subscriptionId(0);
        out.text(id.substring(0, id.length() - MAILBOX)).blank(Kind.MAILBOX, MAILBOX, 0);
        out.text("</t:SubscriptionId><t:PreviousWatermark>");
        watermark(out, -1).text("</t:PreviousWatermark><t:MoreEvents>false</t:MoreEvents>");
        if (events > 1) {
            event(out, "Created", time, STEP - 3);
            event(out, "Modified", time, STEP - 2);
        }
        event(out, "NewMail", time, STEP - 1);
        out.text("</m:Notification></m:SendNotificationResponseMessage></m:ResponseMessages>");
        out.text("</m:SendNotification></soap11:Body></soap11:Envelope>");
    }

    private static void event(Writer out, String kind, String time, int delta) {
        out.text("<t:" + kind + "Event><t:Watermark>");
        watermark(out, delta).text("</t:Watermark><t:TimeStamp>" + time + "</t:TimeStamp><t:ItemId Id=\"" + ITEM);
        out.blank(Kind.MAILBOX, MAILBOX, 0).blank(Kind.NOTIFICATION, COUNTER, 0).text("=\" ChangeKey=\"CQAAAA==\"/>");
        out.text("<t:ParentFolderId Id=\"" + FOLDER.substring(0, 112)).blank(Kind.MAILBOX, MAILBOX, 0);
        out.text("=\" ChangeKey=\"AQAAAA==\"/></t:" + kind + "Event>");
    }

    private static Writer watermark(Writer out, int delta) {
        return out.text(WATERMARK_START).blank(Kind.WATERMARK, COUNTER, delta).text(WATERMARK_END);
    }

    private static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Blank> blanks = new ArrayList<>();

        Writer text(String text) {
            bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            return this;
        }

        Writer blank(Kind kind, int width, int delta) {
            blanks.add(new Blank(bytes.size(), kind, delta));
            return text("0".repeat(width));
        }

        Writer then(Writer next) {
            next.blanks.forEach(blank -> blanks.add(new Blank(size() + blank.at(), blank.kind(), blank.delta())));
            bytes.writeBytes(next.bytes.toByteArray());
            return this;
        }

        int size() {
            return bytes.size();
        }

        RequestTemplate done() {
            return new RequestTemplate(bytes.toByteArray(), blanks);
        }
    }
}
