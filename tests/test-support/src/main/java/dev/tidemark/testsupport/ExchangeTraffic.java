package dev.tidemark.testsupport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.xml.sax.SAXException;

/// Requests to a simulated Exchange, its responses and its callbacks, to compare with [EwsSchema]. Keeps the first ten
/// documents with the same elements, because thousands of them differ in ids only. `-Dtraffic.kept=N` keeps more.
/// Thread-safe.
public final class ExchangeTraffic {
    private static final int KEPT = Integer.getInteger("traffic.kept", 10);
    private static final String END_OF_NAME = " \t\r\n/>";
    private static final String REFUSED = "ErrorSchemaValidation";

    private final Map<String, Queue<String>> documents = new ConcurrentHashMap<>();

    /// Adds a request and its response, or a callback and the listener's response. Leaves out a request that Exchange
    /// refused as invalid.
    public void add(String request, String response) {
        if (!response.contains(REFUSED)) {
            add(request);
        }
        add(response);
    }

    /// Most documents have the elements of documents that are kept, and cost a load test nothing more.
    private void add(String document) {
        var same = documents.computeIfAbsent(elements(document), name -> new ConcurrentLinkedQueue<>());
        if (same.size() < KEPT && !SchemaDeviation.explains(document)) {
            same.add(withSchemaNames(document));
        }
    }

    /// Returns a document as the schema has it. Exchange writes one element of a stream's envelope in the namespace of
    /// messages, and accepts a version that its schema does not name.
    private static String withSchemaNames(String document) {
        var known = document.replace("Version=\"Exchange2019\"", "Version=\"Exchange2016\"");
        return known.contains("<m:GetStreamingEventsResponse")
                ? known.replace("m:Notification>", "t:Notification>")
                : known;
    }

    /// Returns the names of a document's elements in the order of their first places.
    private static String elements(String document) {
        var names = new LinkedHashSet<String>();
        for (var at = document.indexOf('<'); at >= 0; at = document.indexOf('<', at + 1)) {
            var end = at + 1;
            while (end < document.length() && END_OF_NAME.indexOf(document.charAt(end)) < 0) {
                end++;
            }
            if (startsName(document, at + 1)) {
                names.add(document.substring(at, end));
            }
        }
        return String.join("", names);
    }

    /// Returns false for an end tag, a comment, a CDATA section and a declaration.
    private static boolean startsName(String document, int at) {
        return at < document.length() && (document.charAt(at) == '_' || Character.isLetter(document.charAt(at)));
    }

    /// Fails if a document violates the schema, if that is present, and names all that do. Returns the number of
    /// documents.
    public int check() {
        var all = documents.values().stream().flatMap(Collection::stream).toList();
        EwsSchema.find().ifPresent(schema -> validate(schema, all));
        return all.size();
    }

    private static void validate(EwsSchema schema, List<String> all) {
        var violations = new ArrayList<String>();
        for (var document : all) {
            try {
                schema.validate(document);
            } catch (SAXException e) {
                if (!SchemaDeviation.isUnknownCode(e)) {
                    violations.add(e.getMessage() + "\n" + document);
                }
            }
        }
        if (!violations.isEmpty()) {
            throw new AssertionError(String.join("\n\n", violations));
        }
    }
}
