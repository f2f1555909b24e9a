/// Delivers events to webhooks by HTTP (Standard Webhooks 1.0).
@NullMarked
package dev.tidemark.forwarder.webhook;

import org.jspecify.annotations.NullMarked;
