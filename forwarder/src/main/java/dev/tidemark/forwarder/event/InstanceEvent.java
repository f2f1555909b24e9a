package dev.tidemark.forwarder.event;

import dev.tidemark.store.model.SinkName;
import java.util.LinkedHashMap;
import java.util.Map;

/// A lifecycle event of the instance that is still to be journalled.
public record InstanceEvent(String type, Map<String, Object> fields) {
    /// The field that names the sink spoken of.
    public static final String SINK = "sink";

    public static InstanceEvent of(String type, SinkName sink, String reason) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put(SINK, sink.value());
        fields.put("reason", reason);
        return new InstanceEvent(type, fields);
    }

    public InstanceEvent with(String name, Object value) {
        var more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new InstanceEvent(type, more);
    }
}
