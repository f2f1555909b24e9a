package dev.tidemark.daemon.admin;

/// Handler of one route of the admin API. Called on a virtual thread per request; may block. Must be
/// thread-safe.
@FunctionalInterface
interface AdminRoute {
    AdminReply handle(AdminRequest request) throws InterruptedException;
}
