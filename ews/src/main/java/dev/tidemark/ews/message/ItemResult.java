package dev.tidemark.ews.message;

import dev.tidemark.values.MessageDetail;
import dev.tidemark.values.ResponseCode;

/// Result for one item of a GetItem.
public sealed interface ItemResult {
    record Found(MessageDetail message) implements ItemResult {}

    record Refused(ResponseCode code, String text) implements ItemResult {
        /// Returns whether a later request may get the item. The response left it out, or blames server or
        /// mailbox.
        public boolean isTemporary() {
            return code.equals(ResponseCode.MISSING) || ResponseCodeClassifier.isTemporary(code.value());
        }
    }
}
