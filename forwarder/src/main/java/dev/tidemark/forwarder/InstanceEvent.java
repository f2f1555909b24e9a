package dev.tidemark.forwarder;

import dev.tidemark.store.model.SinkName;
import java.util.LinkedHashMap;
import java.util.Map;

/// Lifecycle event of the instance that is not in the journal yet.
record InstanceEvent(String type, Map<String, Object> fields) {
    /// Field that names the sink.
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
