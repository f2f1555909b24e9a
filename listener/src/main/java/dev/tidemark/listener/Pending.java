package dev.tidemark.listener;

/// A call-back that is owed exactly one answer, and takes up room until it has been sent.
record Pending(Reply reply, Room room, long loaded) {
    /// Sends an answer; `sent` runs once it is on its way or cannot be. Must not block.
    @FunctionalInterface
    interface Reply {
        void send(Answer answer, Runnable sent);
    }

    void answer(Answer answer) {
        reply.send(answer, () -> room.leave(loaded));
    }
}
