package dev.tidemark.daemon.admin;

/// Answers one kind of request. Runs on a thread of its own and may wait; called by many threads.
@FunctionalInterface
interface AdminRoute {
    AdminReply answer(AdminRequest request) throws InterruptedException;
}
