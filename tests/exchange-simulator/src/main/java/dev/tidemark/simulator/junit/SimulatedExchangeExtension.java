package dev.tidemark.simulator.junit;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.throttle.AccountLimits;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Provides test methods with a simulated Exchange, one for each, and closes it after the test. One that a
/// `@BeforeAll` method gets is shared by the class.
public final class SimulatedExchangeExtension implements ParameterResolver, AfterEachCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(SimulatedExchangeExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(SimulatedExchange.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(SimulatedExchange.class, key -> start(context), SimulatedExchange.class);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close(context);
    }

    private static void close(ExtensionContext context) {
        Optional.ofNullable(context.getStore(NAMESPACE).remove(SimulatedExchange.class, SimulatedExchange.class))
                .ifPresent(SimulatedExchange::close);
    }

    private static SimulatedExchange start(ExtensionContext context) {
        var settings = find(context);
        var plain = SimulatorConfig.defaults()
                .withLimits(AccountLimits.exchange())
                .withSeed(settings.map(ExchangeTest::seed).orElse(1L));
        var open = settings.filter(ExchangeTest::anyMailbox).isPresent() ? plain.withAnyMailbox() : plain;
        var config = settings.filter(ExchangeTest::tls).isPresent() ? open.withTls() : open;
        var exchange = SimulatedExchange.start(config, Clock.systemUTC());
        for (var address : settings.map(ExchangeTest::mailboxes).orElse(new String[0])) {
            exchange.addMailbox(address);
        }
        return exchange;
    }

    /// Returns the annotation of the method, or else of its class or an enclosing one.
    private static Optional<ExchangeTest> find(ExtensionContext context) {
        for (var at = Optional.of(context); at.isPresent(); at = at.get().getParent()) {
            var found = at.get().getElement().map(element -> element.getAnnotation(ExchangeTest.class));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
