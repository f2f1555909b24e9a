package dev.tidemark.daemon.metrics;

import dev.tidemark.daemon.admin.access.LoginThrottle;
import java.util.concurrent.atomic.LongAdder;

/// Counts requests to the admin API that were refused for their token. Called by the threads of requests.
/// Thread-safe.
final class LoginFailureMeter implements LoginThrottle.LoginMeter, MetricSource {
    private static final String NAME = "admin_login_failures";
    private static final String HELP =
            "Requests to the admin API that were refused: with a wrong token, or after too many of them.";

    private final LongAdder invalid = new LongAdder();
    private final LongAdder throttled = new LongAdder();

    @Override
    public void countInvalid() {
        invalid.increment();
    }

    @Override
    public void countThrottled() {
        throttled.increment();
    }

    @Override
    public void collect(MetricPage page) {
        page.counter(NAME, HELP, MetricLabels.of("reason", "invalid-token"), invalid.sum());
        page.counter(NAME, HELP, MetricLabels.of("reason", "throttled"), throttled.sum());
    }
}
