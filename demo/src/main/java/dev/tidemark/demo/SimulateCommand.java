package dev.tidemark.demo;

import dev.tidemark.simulator.LoggedRequest;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
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

    @Option(names = "--port", defaultValue = "8443", description = "The port (default: ${DEFAULT-VALUE}; 0: any).")
    private int port;

    @Option(names = "--tls", description = "Not available in this version.")
    private boolean tls;

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

    @Option(
            names = "--speed",
            defaultValue = "1",
            description =
                    "Divides heartbeats and retries; 60 turns a minute into a second (default: ${DEFAULT-VALUE}).")
    private double speed;

    @Option(
            names = "--servers",
            defaultValue = "1",
            description = "Number of servers that share the mailboxes; each calls back from its own loopback address,"
                    + " ex01.simulated.example from 127.0.0.1 and so on (default: ${DEFAULT-VALUE}).")
    private int servers;

    @Option(
            names = "--bind",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default: ${DEFAULT-VALUE}; 0.0.0.0: all, as in a container).")
    private String bind = "127.0.0.1";

    @Option(names = "--any-mailbox", description = "Creates each mailbox that a request names.")
    private boolean anyMailbox;

    @Option(
            names = "--login",
            paramLabel = "USER:PASSWORD",
            description = "Requires this Basic login; requests without it get 401. Without it, any login is accepted.")
    private Optional<String> login = Optional.empty();

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Determines ids and random faults (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--log-requests", description = "Prints a line per request.")
    private boolean logRequests;

    SimulateCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        refuseWhatIsToCome();
        if (port < 0 || port > 65_535 || mailboxes < 0 || !(rate >= 0) || !(speed > 0) || servers < 1 || servers > 99) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--port takes 0 to 65535, --mailboxes and --rate nothing below 0, --speed more than 0, and --servers 1"
                            + " to 99.");
        }
        var course = scenario.map(ScenarioFileReader::read).orElse(new SimulatorScenario(List.of(), 0, List.of()));
        try (var exchange = SimulatedExchange.start(config(), clock)) {
            var addresses = addresses(course);
            addresses.forEach(exchange::addMailbox);
            var out = spec.commandLine().getOut();
            out.println("simulated Exchange at " + exchange.url());
            out.flush();
            course.steps().forEach(step -> exchange.at(exchange.now().plus(step.at()), () -> perform(step, exchange)));
            serve(exchange, addresses, rate > 0 ? rate : course.rate());
            return 0;
        } catch (SimulatorException e) {
            throw new DemoCommandException(
                    4,
                    "The simulated Exchange cannot listen on " + bind + ":" + port
                            + "; choose a different one with --port.",
                    e);
        }
    }

    private SimulatorConfig config() {
        var access = new SimulatorConfig.Access(bind, anyMailbox, logRequests ? this::print : request -> {});
        var config = SimulatorConfig.defaults()
                .onPort(port)
                .withSpeed(speed)
                .withServers(servers)
                .withSeed(seed)
                .withAccess(access);
        return login.map(pair -> withLogin(config, pair)).orElse(config);
    }

    private SimulatorConfig withLogin(SimulatorConfig config, String pair) {
        var colon = pair.indexOf(':');
        if (colon < 1) {
            throw new ParameterException(spec.commandLine(), "--login takes USER:PASSWORD.");
        }
        return config.withLogin(pair.substring(0, colon), pair.substring(colon + 1));
    }

    private void print(LoggedRequest request) {
        var out = spec.commandLine().getOut();
        out.println(request.at() + " " + request.operation() + " "
                + request.mailbox().map(MailboxAddress::value).orElse("-") + " " + request.version());
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

    private void refuseWhatIsToCome() {
        if (tls) {
            throw new ParameterException(spec.commandLine(), "--tls is not available in this version; leave it out.");
        }
    }
}
