package dev.tidemark.model;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;

/// Connection of one daemon run. Reads Exchange's clock from the responses, as the HTTP client does.
final class ModelConnection implements EwsClient {
    private final ModelExchange exchange;
    private final ExchangeClock exchangeClock;

    ModelConnection(ModelExchange exchange, Clock clock) {
        this.exchange = exchange;
        this.exchangeClock = new ExchangeClock(clock);
    }

    @Override
    public <R> EwsResult<R> send(MailboxAddress mailbox, EwsCall<R> call) {
        var askedAt = exchangeClock.localNow();
        var answer = exchange.send(mailbox, call);
        if (answer instanceof EwsResult.Success<R>) {
            exchangeClock.addResponse(askedAt, exchange.answeredAt());
        }
        return answer;
    }

    @Override
    public EwsResult<EventStream> stream(MailboxAddress mailbox, GetStreamingEvents request) {
        throw new AssertionError("The core has no use for " + request);
    }

    @Override
    public ExchangeClock exchangeClock() {
        return exchangeClock;
    }

    @Override
    public void close() {}
}
