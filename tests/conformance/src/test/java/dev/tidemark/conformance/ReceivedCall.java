package dev.tidemark.conformance;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Request that a receiver got. Header names are in lower case.
record ReceivedCall(String method, String path, Map<String, String> headers, String body, long atNanos) {
    String id() {
        return header("webhook-id");
    }

    String timestamp() {
        return header("webhook-timestamp");
    }

    String signatures() {
        return header("webhook-signature");
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /// Returns the headers in the form of the official verifiers.
    Map<String, List<String>> headerLists() {
        return headers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())));
    }

    ReceivedCall withBody(String other) {
        return new ReceivedCall(method, path, headers, other, atNanos);
    }

    ReceivedCall withHeader(String name, String value) {
        var changed = new java.util.HashMap<>(headers);
        changed.put(name, value);
        return new ReceivedCall(method, path, Map.copyOf(changed), body, atNanos);
    }
}
