package dev.tidemark.demo;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.record.ExchangeRecorder;
import dev.tidemark.simulator.tls.SimulatorCertificate;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `tidemark simulate`.
@Command(
        name = "simulate",
        description = "Runs the simulated Exchange alone until Ctrl-C.",
        footer = {
            "",
            "Other processes drive it over HTTP below /simulator (docs/simulator.md lists all paths):",
            "  POST   mailboxes/ADDRESS/mail           body {subject, from, to, body, folder, receivedAt}",
            "  POST   mailboxes/ADDRESS/items, PATCH and DELETE mailboxes/ADDRESS/items/ID",
            "  POST   faults/NAME?times=N, or ?rate=P; also mailbox=, operation=, value= and delay=",
            "  GET    faults, subscriptions, callbacks?after=N&wait=10s, requests?after=N, ledger",
            "  POST   clock?advance=30m, responses, servers/HOST/restart, reset"
        },
        mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
    private final Clock clock;

    private static final Duration ENDLESS = Duration.ofDays(36_500);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SimulatorServerOptions server = new SimulatorServerOptions();

    @Option(
            names = "--scenario",
            paramLabel = "FILE",
            description = "YAML file with mailboxes, rate and faults in time (docs/simulator.md).")
    private Optional<Path> scenario = Optional.empty();

    @Option(
            names = "--mailboxes",
            defaultValue = "3",
            description = "Number of mailboxes at the start, mailbox1@demo.example and so on (default:"
                    + " ${DEFAULT-VALUE}).")
    private int mailboxes;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "Total mails per second that it delivers (default: ${DEFAULT-VALUE}).")
    private double rate;

    SimulateCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        if (mailboxes < 0 || !(rate >= 0)) {
            throw new ParameterException(spec.commandLine(), "--mailboxes and --rate must be at least 0.");
        }
        var config = server.config();
        try {
            server.recorder().ifPresentOrElse(this::record, () -> simulate(config));
            return 0;
        } catch (SimulatorException e) {
            throw new DemoCommandException(
                    4,
                    "The simulated Exchange cannot listen on " + server.address() + " (" + firstCause(e)
                            + "); choose a different one with --port.",
                    e);
        }
    }

    private static String firstCause(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private void simulate(SimulatorConfig config) {
        var course = scenario.map(ScenarioFileReader::read).orElse(new SimulatorScenario(List.of(), 0, List.of()));
        try (var exchange = SimulatedExchange.start(config, clock)) {
            var addresses = addresses(course);
            addresses.forEach(exchange::addMailbox);
            announce(exchange.url(), exchange.certificate());
            course.steps().forEach(step -> exchange.at(exchange.now().plus(step.at()), () -> perform(step, exchange)));
            serve(exchange, addresses, rate > 0 ? rate : course.rate());
        }
    }

    private void record(ExchangeRecorder.RecorderSettings settings) {
        try (var recorder = ExchangeRecorder.start(settings)) {
            spec.commandLine().getOut().println("recording " + settings.target() + " to " + settings.folder());
            announce(recorder.url(), recorder.certificate());
            var interrupt = new InterruptHandler();
            interrupt.await(ENDLESS);
            spec.commandLine().getOut().println(recorder.calls() + " calls recorded");
            interrupt.finish(0);
        }
    }

    private void announce(URI url, Optional<SimulatorCertificate> certificate) {
        var out = spec.commandLine().getOut();
        certificate.map(server::write).ifPresent(file -> out.println("certificate in " + file));
        out.println("simulated Exchange at " + url);
        out.flush();
    }

    private List<MailboxAddress> addresses(SimulatorScenario course) {
        return course.mailboxes().isEmpty()
                ? IntStream.rangeClosed(1, mailboxes)
                        .mapToObj(number -> new MailboxAddress("mailbox" + number + "@demo.example"))
                        .toList()
                : course.mailboxes();
    }

    private static void perform(SimulatorScenario.ScenarioStep step, SimulatedExchange exchange) {
        switch (step) {
            case SimulatorScenario.ScenarioStep.OrderFault fault -> exchange.order(fault.name(), fault.parameters());
            case SimulatorScenario.ScenarioStep.ClearFaults ignored ->
                exchange.faults().clear();
            case SimulatorScenario.ScenarioStep.DeliverMail mail ->
                exchange.addMailbox(mail.mailbox()).deliver(mail.subject());
        }
    }

    private void serve(SimulatedExchange exchange, List<MailboxAddress> addresses, double perSecond) {
        var interrupt = new InterruptHandler();
        try {
            if (perSecond > 0 && !addresses.isEmpty()) {
                new MailGenerator(exchange, addresses, clock, interrupt).deliver(perSecond, Duration.ZERO);
            } else {
                interrupt.await(ENDLESS);
            }
        } finally {
            interrupt.finish(0);
        }
    }
}
