package dev.tidemark.compensator;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.ews.message.SyncPage;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.SyncState;
import dev.tidemark.values.Watermark;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Exchange that grants every request and records it.
final class GrantingExchange implements EwsClient {
    /// Mailbox and watermark of each Subscribe.
    final List<String> subscribed = new CopyOnWriteArrayList<>();

    /// Mailboxes whose folders were read.
    final List<String> synced = new CopyOnWriteArrayList<>();

    @Override
    @SuppressWarnings("unchecked")
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call) {
        if (!(call instanceof EwsRequest<R> request)) {
            throw new AssertionError("Unexpected call: " + call);
        }
        return new EwsResult.Success<>((R)
                switch (request) {
                    case EwsRequest.SubscribePush push -> subscribe(mailbox, push);
                    case EwsRequest.SyncFolderItems ignored -> {
                        synced.add(mailbox.value());
                        yield new SyncPage(new SyncState("s"), true, List.of());
                    }
                    case EwsRequest.Unsubscribe ignored -> throw new AssertionError("Unexpected Unsubscribe.");
                    case EwsRequest.GetItem ignored -> throw new AssertionError("Unexpected GetItem.");
                    case EwsRequest.GetFolder ignored -> throw new AssertionError("Unexpected GetFolder.");
                });
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
        throw new AssertionError("Unexpected stream.");
    }

    private SubscribeResult subscribe(MailboxAddress mailbox, EwsRequest.SubscribePush push) {
        subscribed.add(
                mailbox + push.watermark().map(from -> " from " + from.value()).orElse(""));
        return new SubscribeResult(new SubscriptionId("s" + subscribed.size()), Optional.of(new Watermark("w0")));
    }

    @Override
    public void close() {}
}
