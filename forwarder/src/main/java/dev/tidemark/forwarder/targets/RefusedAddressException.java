package dev.tidemark.forwarder.targets;

import dev.tidemark.forwarder.targets.DeliveryResult.AddressRefused;
import java.net.UnknownHostException;

/// Reports that egress forbids every address of a name. Extends [UnknownHostException] because an HTTP client's
/// resolver passes on no other exception.
public final class RefusedAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    private final transient AddressRefused refusal;

    RefusedAddressException(AddressRefused refusal) {
        super(refusal.text());
        this.refusal = refusal;
    }

    public AddressRefused refusal() {
        return refusal;
    }
}
