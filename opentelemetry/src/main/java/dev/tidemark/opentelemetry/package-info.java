/// Exports traces with the OpenTelemetry SDK. The only module that uses OpenTelemetry, which is loaded only if the
/// configuration has `tracing`.
@NullMarked
package dev.tidemark.opentelemetry;

import org.jspecify.annotations.NullMarked;
