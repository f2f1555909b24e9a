package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.CorruptEntry;
import dev.tidemark.simulator.operation.SimulatedEwsCall;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Damages documents in ways that users of EWS clients reported. The text around the damage stays as it was.
final class MarkupDamage {
    private static final List<String> TEXTS = List.of("t:Subject", "m:MessageText");
    private static final Pattern SUCCESS = Pattern.compile("ResponseClass=\"Success\">");
    private static final Pattern GET_ITEM =
            Pattern.compile("<m:GetItemResponseMessage ResponseClass=\"Success\">.*?</m:GetItemResponseMessage>");
    private static final Pattern PREVIOUS = Pattern.compile("<t:PreviousWatermark>([^<]*)<");
    /// Precedes the events of a callback or of a stream.
    private static final Pattern BEFORE_EVENTS = Pattern.compile(
            "<t:MoreEvents>\\w+</t:MoreEvents>|<t:SubscriptionId>[^<]*</t:SubscriptionId>(?=<t:\\w+Event>)");
    private static final Pattern EVENT = Pattern.compile("<t:(?!Status)\\w+Event>");
    private static final Pattern STATE = Pattern.compile("(?<=<m:SyncState>)[^<]*");
    private static final Pattern LAST = Pattern.compile("(IncludesLast(?:Item|Folder)InRange)(=\"|>)true");
    private static final Pattern OFFSET = Pattern.compile("(?<=IndexedPagingOffset=\")\\d+");

    private MarkupDamage() {}

    /// Adds characters at the end of a text. If there is none, adds a MessageText that holds only them.
    static String controlCharacters(String document, String characters) {
        for (var element : TEXTS) {
            if (document.contains("</" + element + ">")) {
                return first(Pattern.compile("(?=</" + element + ">)"), document, characters);
            }
        }
        if (document.contains("</t:ItemClass>")) {
            return first(Pattern.compile("(?=</t:ItemClass>)"), document, "." + characters);
        }
        return after(SUCCESS, document, "<m:MessageText>" + characters + "</m:MessageText>");
    }

    /// Adds an entry to a page or to events, or replaces an item of GetItem by a refusal.
    static String corruptItem(String document, Optional<String> value) {
        if (document.contains("<m:GetItemResponse")) {
            return first(
                    GET_ITEM,
                    document,
                    refusal(value.filter(text -> text.startsWith("Error")).orElse("ErrorItemCorrupt")));
        }
        var entry = CorruptEntry.of(value.orElse(CorruptEntry.NO_ID.wireName()));
        if (document.contains("<m:Changes>")) {
            return first(Pattern.compile("(?<=<m:Changes>)"), document, entry.change());
        }
        return EVENT.matcher(document).find() ? after(BEFORE_EVENTS, document, event(entry, document)) : document;
    }

    /// Makes the page point back to its own start.
    static String repeatedPage(String document, SimulatedEwsCall call, boolean circle) {
        var more = LAST.matcher(document).replaceAll("$1$2false");
        if (call instanceof SimulatedEwsCall.SyncFolderItems sync) {
            return withState(more, sync.state(), circle);
        }
        if (call instanceof SimulatedEwsCall.SyncFolderHierarchy sync) {
            return withState(more, sync.state(), circle);
        }
        return call instanceof SimulatedEwsCall.FindFolder find
                ? first(OFFSET, more, Integer.toString(find.page().offset()))
                : document;
    }

    private static String withState(String document, String state, boolean circle) {
        if (state.isEmpty()) {
            return document;
        }
        return first(STATE, document, circle ? other(state) : state);
    }

    /// Returns another text for the same place in the history: with a zero before its number, or without it.
    private static String other(String state) {
        var plain = new String(Base64.getDecoder().decode(state), StandardCharsets.US_ASCII);
        var padded = plain.replaceFirst(" 0(?=\\d)", " ");
        var changed = padded.equals(plain) ? plain.replaceFirst(" ", " 0") : padded;
        return Base64.getEncoder().encodeToString(changed.getBytes(StandardCharsets.US_ASCII));
    }

    private static String event(CorruptEntry entry, String document) {
        var previous = PREVIOUS.matcher(document);
        return previous.find()
                ? entry.event().replaceFirst("Event>", "Event><t:Watermark>" + previous.group(1) + "</t:Watermark>")
                : entry.event();
    }

    private static String refusal(String code) {
        return "<m:GetItemResponseMessage ResponseClass=\"Error\"><m:MessageText>Corrupt data.</m:MessageText>"
                + "<m:ResponseCode>" + code + "</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>"
                + "<m:Items/></m:GetItemResponseMessage>";
    }

    private static String first(Pattern pattern, String document, String replacement) {
        return pattern.matcher(document).replaceFirst(Matcher.quoteReplacement(replacement));
    }

    private static String after(Pattern pattern, String document, String addition) {
        return pattern.matcher(document).replaceFirst("$0" + Matcher.quoteReplacement(addition));
    }
}
