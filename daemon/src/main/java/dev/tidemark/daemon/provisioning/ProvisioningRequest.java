package dev.tidemark.daemon.provisioning;

import dev.tidemark.daemon.provisioning.MailboxProvisioner.ProvisioningResult;
import dev.tidemark.values.MailboxAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Request to add or remove a mailbox, until its result is known. Thread-safe.
final class ProvisioningRequest {
    private final String group;
    private final MailboxAddress address;
    private final boolean adding;
    private final CompletableFuture<ProvisioningResult> result = new CompletableFuture<>();

    ProvisioningRequest(String group, MailboxAddress address, boolean adding) {
        this.group = group;
        this.address = address;
        this.adding = adding;
    }

    String group() {
        return group;
    }

    MailboxAddress address() {
        return address;
    }

    boolean isAdding() {
        return adding;
    }

    boolean isDone() {
        return result.isDone();
    }

    void complete(ProvisioningResult known) {
        result.complete(known);
    }

    void fail(Throwable cause) {
        result.completeExceptionally(cause);
    }

    /// Returns the result, or throws the failure of the store.
    ProvisioningResult result() {
        try {
            return result.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
