package dev.tidemark.simulator.assertion;

import dev.tidemark.simulator.SimulatedExchange;

/// Entry point of the assertions on a simulated Exchange, for a static import beside that of AssertJ.
public final class ExchangeAssertions {
    private ExchangeAssertions() {}

    public static SimulatedExchangeAssert assertThat(SimulatedExchange exchange) {
        return new SimulatedExchangeAssert(exchange);
    }
}
