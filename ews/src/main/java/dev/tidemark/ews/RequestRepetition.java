package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsRequest;

/// Reaction to a kept connection that turns out closed before the first byte of the response.
enum RequestRepetition {
    /// The transport sends the request again at once, one time, on a new connection.
    AS_IT_IS,
    /// The caller makes another request.
    BY_CALLER,
    /// Does not occur, because the request uses a new connection.
    NOT_NEEDED;

    /// Lets the caller repeat a push subscription, because each one needs a separate callback URL. A request that
    /// changes items uses a new connection: Exchange may have executed it before a kept connection ended, and a
    /// repetition would create a second item. Other subscriptions expire if no client reads them.
    static RequestRepetition of(EwsCall<?> call) {
        return switch (call) {
            case EwsRequest.SubscribePush ignored -> BY_CALLER;
            case EwsCall.CreateMessage ignored -> NOT_NEEDED;
            case EwsCall.DeleteItem ignored -> NOT_NEEDED;
            case EwsCall.SubscribePull ignored -> AS_IT_IS;
            case EwsCall.SubscribeStreaming ignored -> AS_IT_IS;
            case EwsCall.GetEvents ignored -> AS_IT_IS;
            case EwsCall.SyncFolderHierarchy ignored -> AS_IT_IS;
            case EwsCall.FindFolder ignored -> AS_IT_IS;
            case EwsCall.ResolveNames ignored -> AS_IT_IS;
            case EwsCall.ExpandGroup ignored -> AS_IT_IS;
            case EwsRequest.Unsubscribe ignored -> AS_IT_IS;
            case EwsRequest.SyncFolderItems ignored -> AS_IT_IS;
            case EwsRequest.GetItem ignored -> AS_IT_IS;
            case EwsRequest.GetFolder ignored -> AS_IT_IS;
        };
    }
}
