package dev.tidemark.ews;

/// The answer for one item of a GetItem.
public sealed interface ItemResult {
    record Found(MessageDetail message) implements ItemResult {}

    record Refused(ResponseCode code, String text) implements ItemResult {}
}
