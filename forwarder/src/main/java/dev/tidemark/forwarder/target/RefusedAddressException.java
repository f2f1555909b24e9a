package dev.tidemark.forwarder.target;

import dev.tidemark.forwarder.target.DeliveryResult.AddressRefused;
import java.net.UnknownHostException;

/// Every address of a name is closed to us. A kind of [UnknownHostException], since only that passes through
/// a client's resolver.
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
