package dev.tidemark.cxfendpoint;

import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import org.jspecify.annotations.Nullable;

/// Response to Exchange.
@XmlAccessorType(XmlAccessType.FIELD)
@XmlType(namespace = CxfNamespaces.MESSAGES)
final class SendNotificationResult {
    @XmlElement(name = "SubscriptionStatus", namespace = CxfNamespaces.MESSAGES)
    private final @Nullable String status;

    /// Required by JAXB.
    public SendNotificationResult() {
        this(null);
    }

    SendNotificationResult(@Nullable String status) {
        this.status = status;
    }

    @Nullable
    String status() {
        return status;
    }
}
