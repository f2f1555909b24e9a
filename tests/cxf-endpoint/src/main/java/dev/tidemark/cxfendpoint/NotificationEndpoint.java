package dev.tidemark.cxfendpoint;

import jakarta.jws.WebService;

/// Reads every event and answers OK.
@WebService(
        endpointInterface = "dev.tidemark.cxfendpoint.NotificationPort",
        serviceName = "NotificationService",
        targetNamespace = CxfNamespaces.MESSAGES)
final class NotificationEndpoint implements NotificationPort {
    @Override
    public SendNotificationResult sendNotification(SendNotificationRequest call) {
        var whole = call.notifications().allMatch(SendNotificationRequest.Notification::isWhole);
        return new SendNotificationResult(whole ? "OK" : "Unsubscribe");
    }
}
