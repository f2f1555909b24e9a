package dev.tidemark.ews.message;

import dev.tidemark.ews.message.EwsRequest.SubscribePush;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// Creates requests for tests.
public final class EwsRequests {
    public static final SubscribePush SUBSCRIBE = new SubscribePush(
            List.of(new FolderRef.Distinguished("inbox")),
            EnumSet.of(ChangeKind.NEW_MAIL),
            Optional.empty(),
            Duration.ofMinutes(10),
            URI.create("https://push.example.com/ews/notifications/token"));

    public static final MailboxAddress ADA = new MailboxAddress("ada@example.com");

    private EwsRequests() {}
}
