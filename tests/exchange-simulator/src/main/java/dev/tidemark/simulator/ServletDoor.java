package dev.tidemark.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import wiremock.jakarta.servlet.Filter;
import wiremock.jakarta.servlet.FilterChain;
import wiremock.jakarta.servlet.ServletException;
import wiremock.jakarta.servlet.ServletRequest;
import wiremock.jakarta.servlet.ServletResponse;
import wiremock.jakarta.servlet.http.HttpServletRequest;
import wiremock.jakarta.servlet.http.HttpServletResponse;
import wiremock.org.eclipse.jetty.server.HttpChannel;
import wiremock.org.eclipse.jetty.server.Request;

/// Passes the requests for Exchange to the front door and leaves the others to WireMock's stubs. WireMock itself
/// completes a response before it sends it, which a stream does not allow.
final class ServletDoor implements Filter {
    private static final Logger log = LoggerFactory.getLogger(ServletDoor.class);

    private final WireMockHost.FrontDoor frontDoor;
    private final ConnectionLife life;

    ServletDoor(WireMockHost.FrontDoor frontDoor, ConnectionLife life) {
        this.frontDoor = frontDoor;
        this.life = life;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest http && response instanceof HttpServletResponse reply)
                || !isExchange(http.getRequestURI())) {
            chain.doFilter(request, response);
            return;
        }
        var channel = Request.getBaseRequest(request).getHttpChannel();
        var kept = channel.getConnection().getMessagesIn() > 1;
        if (life.breaks(http.getRequestURI(), kept)) {
            channel.getEndPoint().close();
            return;
        }
        frontDoor.serve(read(http), answer -> write(answer, reply, channel));
        channel.getEndPoint()
                .setIdleTimeout(life.idleLimit(http.getRequestURI())
                        .map(limit -> limit.toMillis())
                        .orElse(channel.getConnector().getIdleTimeout()));
    }

    private static boolean isExchange(String path) {
        var lower = path.toLowerCase(Locale.ROOT);
        return lower.startsWith("/ews/") || lower.startsWith("/autodiscover/") || lower.startsWith("/simulator/");
    }

    private static SimulatorRequest read(HttpServletRequest http) throws IOException {
        var query = Optional.ofNullable(http.getQueryString()).map(text -> "?" + text);
        return new SimulatorRequest(
                http.getMethod(),
                http.getRequestURI() + query.orElse(""),
                SimulatorRequest.headers(name -> name.equals("host") ? authority(http) : http.getHeader(name)),
                new String(http.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    /// Returns host and port of the request, which HTTP/2 has in no header.
    private static String authority(HttpServletRequest http) {
        return http.getServerName() + ":" + http.getServerPort();
    }

    private void write(SimulatorResponse answer, HttpServletResponse reply, HttpChannel channel) throws IOException {
        reply.setHeader("Date", life.date());
        if (answer instanceof SimulatorResponse.Streamed streamed) {
            stream(streamed, reply);
        } else if (answer instanceof SimulatorResponse.Reply plain) {
            write(plain, reply, channel);
        } else if (answer instanceof SimulatorResponse.Unauthorized) {
            reply.setHeader("WWW-Authenticate", "Basic realm=\"simulated.example\"");
            reply.setStatus(401);
        } else {
            channel.getEndPoint().close();
        }
    }

    private static void write(SimulatorResponse.Reply plain, HttpServletResponse reply, HttpChannel channel)
            throws IOException {
        var delivery = plain.delivery();
        delivery.delay().ifPresent(ServletDoor::await);
        var body = delivery.compressed() ? plain.gzip() : plain.body().getBytes(StandardCharsets.UTF_8);
        reply.setStatus(plain.status());
        reply.setHeader("Content-Type", plain.contentType());
        plain.headers().forEach(reply::setHeader);
        if (delivery.compressed()) {
            reply.setHeader("Content-Encoding", "gzip");
        }
        if (delivery.halved()) {
            reply.setContentLength(body.length);
        }
        reply.getOutputStream().write(body, 0, delivery.halved() ? body.length / 2 : body.length);
        // in chunks, as Exchange answers
        reply.flushBuffer();
        if (delivery.halved()) {
            channel.getEndPoint().close();
        }
    }

    private static void await(Duration delay) {
        try {
            TimeUnit.NANOSECONDS.sleep(delay.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stream(SimulatorResponse.Streamed streamed, HttpServletResponse reply) throws IOException {
        reply.setStatus(200);
        reply.setHeader("Content-Type", "text/xml; charset=utf-8");
        try (var flow = streamed.flow()) {
            for (var envelope = flow.next(); envelope.isPresent(); envelope = flow.next()) {
                reply.getOutputStream().write(envelope.get().getBytes(StandardCharsets.UTF_8));
                reply.flushBuffer();
                streamed.sent().accept(envelope.get());
            }
        }
        log.debug("A stream has ended");
    }
}
