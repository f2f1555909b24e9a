package dev.tidemark.daemon;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.daemon.metrics.MonitoredModules.DaemonMeters;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.CallbackSkipReporter;
import dev.tidemark.listener.CallbackTokenCodec;
import dev.tidemark.store.CompensationTrigger;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.detail.DetailFetcher;
import dev.tidemark.subscriber.detail.FolderNameFetcher;

/// Modules that exchange messages with Exchange: the listener, the clients, the subscriber, and the compensator that
/// finds what the subscriber must do.
record ExchangeSide(
        CallbackTokenCodec tokens,
        CallbackListener listener,
        ExchangeClients clients,
        MailboxSubscriber subscriber,
        Compensator compensator,
        Compensator.Duty duty) {
    /// Starts the modules. The listener accepts callbacks before the first subscription.
    ///
    /// @throws dev.tidemark.listener.ListenerException if the listener cannot be opened
    static ExchangeSide start(StartContext start, StorageSide storage, DaemonMeters meters) {
        var store = storage.store();
        var clock = start.clock();
        var config = start.config().compensator();
        var duty = storage.cluster().duty(config.sweepInterval());
        var triggerRelay = new CompensationTriggerRelay();
        var tokens = start.mapper().tokenCodec(store.instance());
        var listener = openListener(start, storage, tokens, triggerRelay, meters);
        var clients = new ExchangeClients(store, start.clocks(), meters);
        clients.useSids(start.config());
        storage.lookups().setUrls(start.mapper().callbackUrls(tokens, listener.port()));
        var subscriber = openSubscriber(start, storage, clients, listener.port());
        start.add(FolderNameFetcher.start(subscriber, store, storage.names()));
        start.add(DetailFetcher.start(subscriber, store, clock, duty.isHere()));
        var compensator = start.add(Compensator.start(config, subscriber, store, clock, duty));
        triggerRelay.relayTo(compensator);
        return new ExchangeSide(tokens, listener, clients, subscriber, compensator, duty);
    }

    private static CallbackListener openListener(
            StartContext start,
            StorageSide storage,
            CallbackTokenCodec tokens,
            CompensationTrigger trigger,
            DaemonMeters meters) {
        var store = storage.store();
        CallbackSkipReporter skips = (mailbox, parts) -> store.mailboxes()
                .find(mailbox)
                .ifPresent(known -> meters.skips().skipped(known.address(), parts));
        var config = start.config().listener().server();
        var listener = start.add(
                CallbackListener.start(config, store, tokens, trigger, skips, meters.tracer(), start.clock()));
        start.stop().onStop(listener::drain);
        return listener;
    }

    private static MailboxSubscriber openSubscriber(
            StartContext start, StorageSide storage, ExchangeClients clients, int listenerPort) {
        var subscriber = start.add(new MailboxSubscriber(
                start.mapper().subscriber(listenerPort),
                clients.openAll(start.mapper(), start.config().connections().keySet()),
                storage.store(),
                storage.lookups(),
                start.clock()));
        start.stop().onStop(subscriber::stop);
        return subscriber;
    }
}
