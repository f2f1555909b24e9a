package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultOccasion;
import dev.tidemark.simulator.fault.FaultPlan;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.mailbox.SimulatedItemSync;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.operation.FolderOperationHandler;
import dev.tidemark.simulator.operation.ItemOperationHandler;
import dev.tidemark.simulator.operation.SimulatedEwsCall;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Runs the operations whose responses are lists of messages, each by the type of its call. Thread-safe.
final class OperationDispatcher {
    /// Circumstances of a call.
    record CallContext(SimulatedMailbox mailbox, String version, MailboxServer server) {}

    private interface OperationHandler<C extends SimulatedEwsCall> {
        List<Consumer<XmlDocumentBuilder>> handle(C call, CallContext context);
    }

    private interface SingleMessageHandler<C extends SimulatedEwsCall> {
        Consumer<XmlDocumentBuilder> handle(C call, CallContext context);
    }

    private final FaultPlan faults;
    private final SubscribeHandler subscriber;
    private final StreamingService streaming;
    private final PullService pull;
    private final int maxSubscriptions;
    private final Map<Class<?>, OperationHandler<SimulatedEwsCall>> handlers = new HashMap<>();

    OperationDispatcher(
            SimulatedDirectory directory,
            FaultPlan faults,
            SubscribeHandler subscriber,
            StreamingService streaming,
            PullService pull,
            int maxSubscriptions) {
        this.faults = faults;
        this.subscriber = subscriber;
        this.streaming = streaming;
        this.pull = pull;
        this.maxSubscriptions = maxSubscriptions;
        registerSubscriptions();
        registerFolders();
        single(SimulatedEwsCall.ResolveNames.class, (call, context) -> directory.resolve(call));
        single(SimulatedEwsCall.ExpandDL.class, (call, context) -> directory.expand(call));
    }

    private void registerSubscriptions() {
        subscription(
                SimulatedEwsCall.Subscribe.class,
                (call, context) -> subscriber.subscribe(call, context.mailbox(), context.version()));
        subscription(
                SimulatedEwsCall.SubscribeStreaming.class,
                (call, context) -> streaming.subscribe(call, context.mailbox(), context.server()));
        subscription(
                SimulatedEwsCall.SubscribePull.class,
                (call, context) -> pull.subscribe(call, context.mailbox(), context.server()));
        single(SimulatedEwsCall.GetEvents.class, (call, context) -> pull.getEvents(call));
        single(SimulatedEwsCall.Unsubscribe.class, (call, context) -> unsubscribe(call));
    }

    private void registerFolders() {
        single(SimulatedEwsCall.SyncFolderItems.class, (call, context) -> {
            refuseState(call.state(), context.mailbox(), call.operation());
            return ItemOperationHandler.syncFolderItems(call, context.mailbox());
        });
        single(SimulatedEwsCall.SyncFolderHierarchy.class, (call, context) -> {
            refuseState(call.state(), context.mailbox(), call.operation());
            return FolderOperationHandler.syncFolderHierarchy(call, context.mailbox());
        });
        several(
                SimulatedEwsCall.GetItem.class,
                (call, context) -> ItemOperationHandler.getItem(call, context.mailbox()));
        several(
                SimulatedEwsCall.GetFolder.class,
                (call, context) -> FolderOperationHandler.getFolder(call, context.mailbox()));
        several(
                SimulatedEwsCall.FindFolder.class,
                (call, context) -> FolderOperationHandler.findFolder(call, context.mailbox()));
    }

    private <C extends SimulatedEwsCall> void subscription(Class<C> type, SingleMessageHandler<C> handler) {
        single(type, (call, context) -> {
            var address = context.mailbox().address();
            var active = subscriber.count(address) + streaming.of(address).size() + pull.count(address);
            if (maxSubscriptions > 0 && active >= maxSubscriptions) {
                throw new ResponseErrorException(
                        "ErrorExceededSubscriptionCount", "The mailbox has as many subscriptions as it may have.");
            }
            return handler.handle(call, context);
        });
    }

    private <C extends SimulatedEwsCall> void single(Class<C> type, SingleMessageHandler<C> handler) {
        several(type, (call, context) -> List.of(handler.handle(call, context)));
    }

    private <C extends SimulatedEwsCall> void several(Class<C> type, OperationHandler<C> handler) {
        handlers.put(type, (call, context) -> handler.handle(type.cast(call), context));
    }

    boolean handles(Class<?> type) {
        return handlers.containsKey(type);
    }

    List<Consumer<XmlDocumentBuilder>> messages(SimulatedEwsCall call, CallContext context) {
        var handler = handlers.get(call.getClass());
        if (handler == null) {
            throw new IllegalArgumentException("There is no handler for " + call.operation() + ".");
        }
        return handler.handle(call, context);
    }

    private Consumer<XmlDocumentBuilder> unsubscribe(SimulatedEwsCall.Unsubscribe call) {
        if (streaming.unsubscribe(call.subscription()) || pull.unsubscribe(call.subscription())) {
            return SoapWriter.success("Unsubscribe", xml -> {});
        }
        throw subscriber.unsubscribe(call);
    }

    /// Throws [ResponseErrorException] if a fault refuses the state.
    private void refuseState(String state, SimulatedMailbox mailbox, String operation) {
        if (!state.isEmpty()
                && faults.strikes(SimulatorFault.REFUSE_SYNC_STATE, FaultOccasion.of(mailbox.address(), operation))) {
            throw SimulatedItemSync.invalidState();
        }
    }
}
