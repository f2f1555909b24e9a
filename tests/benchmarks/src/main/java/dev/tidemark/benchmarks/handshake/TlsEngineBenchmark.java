package dev.tidemark.benchmarks.handshake;

import dev.tidemark.benchmarks.MachineInfo;
import dev.tidemark.benchmarks.handshake.TlsEnginePair.Cost;
import dev.tidemark.benchmarks.server.TlsContexts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/// Measures the server's half of TLS handshakes between engines of this process, in turns. Excludes
/// network, threads and the time of the JIT compiler, to show the cost of cryptography and protocol alone.
final class TlsEngineBenchmark {
    /// Settings of a measurement.
    ///
    /// @param warmUp handshakes of each case before the first round
    /// @param handshakes handshakes of a case in a round
    /// @param groups groups of the server for the key exchange
    record EnginePlan(List<String> versions, int warmUp, int handshakes, int rounds, List<String> groups) {}

    /// Kind of handshake.
    record EngineCase(String provider, String version, boolean resumes) {}

    /// Costs of the rounds of a case.
    ///
    /// @param resumed handshakes that resumed a session
    record CaseCosts(List<Cost> rounds, long resumed) {
        static final CaseCosts NONE = new CaseCosts(List.of(), 0);

        CaseCosts plus(CaseCosts more) {
            var all = new ArrayList<>(rounds);
            all.addAll(more.rounds);
            return new CaseCosts(List.copyOf(all), resumed + more.resumed);
        }
    }

    private static final int PORTS = 60_000;

    private final EnginePlan plan;
    private final Map<String, TlsContexts> contexts;
    private final Consumer<String> progress;
    private int ports;

    /// @param contexts by the name of the server's provider
    TlsEngineBenchmark(EnginePlan plan, Map<String, TlsContexts> contexts, Consumer<String> progress) {
        this.plan = plan;
        this.contexts = new TreeMap<>(contexts);
        this.progress = progress;
    }

    TlsEngineReport run(Instant at, Path folder) throws IOException {
        var cases = cases();
        progress.accept("warm-up ...");
        for (var one : cases) {
            run(one, plan.warmUp());
        }
        List<CaseCosts> costs =
                new ArrayList<>(cases.stream().map(one -> CaseCosts.NONE).toList());
        for (var round = 0; round < plan.rounds(); round++) {
            progress.accept("round " + (round + 1) + " ...");
            for (var i = 0; i < cases.size(); i++) {
                costs.set(i, costs.get(i).plus(run(cases.get(i), plan.handshakes())));
            }
        }
        var rows = new ArrayList<TlsEngineReport.Row>();
        for (var i = 0; i < cases.size(); i++) {
            rows.add(TlsEngineReport.Row.of(cases.get(i), costs.get(i), plan.handshakes()));
        }
        return new TlsEngineReport(at, MachineInfo.here(folder), plan, List.copyOf(rows));
    }

    private List<EngineCase> cases() {
        var cases = new ArrayList<EngineCase>();
        for (var version : plan.versions()) {
            for (var provider : contexts.keySet()) {
                cases.add(new EngineCase(provider, version, false));
                cases.add(new EngineCase(provider, version, true));
            }
        }
        return cases;
    }

    private CaseCosts run(EngineCase one, int handshakes) throws SSLException {
        var cost = Cost.NONE;
        var resumed = 0L;
        var first = 0L;
        ports++;
        for (var i = 0; i < handshakes; i++) {
            if (!one.resumes()) {
                ports++;
            }
            var client = client(one);
            var before = Cost.soFar();
            var server = server(one);
            cost = cost.plus(Cost.soFar().since(before));
            cost = cost.plus(new TlsEnginePair(client, server).run());
            // a resumed session keeps its time
            var created = client.getSession().getCreationTime();
            if (i == 0) {
                first = created;
            } else if (one.resumes() && created == first) {
                resumed++;
            }
        }
        return new CaseCosts(List.of(cost), resumed);
    }

    private SSLEngine client(EngineCase one) {
        var engine = contexts(one).client().createSSLEngine("127.0.0.1", 1 + ports % PORTS);
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv" + one.version()});
        engine.setSSLParameters(parameters);
        return engine;
    }

    private SSLEngine server(EngineCase one) {
        var engine = contexts(one).server().createSSLEngine("127.0.0.1", 1 + ports % PORTS);
        engine.setUseClientMode(false);
        var parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setNamedGroups(plan.groups().toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private TlsContexts contexts(EngineCase one) {
        var found = contexts.get(one.provider());
        if (found == null) {
            throw new IllegalStateException("no context of " + one.provider());
        }
        return found;
    }
}
