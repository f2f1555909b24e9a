package dev.tidemark.simulator;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import wiremock.jakarta.servlet.Filter;
import wiremock.jakarta.servlet.FilterChain;
import wiremock.jakarta.servlet.ServletException;
import wiremock.jakarta.servlet.ServletRequest;
import wiremock.jakarta.servlet.ServletResponse;
import wiremock.jakarta.servlet.http.HttpServletRequest;
import wiremock.jakarta.servlet.http.HttpServletResponse;
import wiremock.org.eclipse.jetty.server.Request;

/// Handles the requests that WireMock cannot: streams, because it completes a response before it sends it, and
/// the end of connections. Detects a stream by its SOAPAction.
final class ServletDoor implements Filter {
    private final WireMockHost.FrontDoor frontDoor;
    private final ConnectionLife life;

    ServletDoor(WireMockHost.FrontDoor frontDoor, ConnectionLife life) {
        this.frontDoor = frontDoor;
        this.life = life;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest http && response instanceof HttpServletResponse reply)) {
            chain.doFilter(request, response);
            return;
        }
        var channel = Request.getBaseRequest(request).getHttpChannel();
        var kept = channel.getConnection().getMessagesIn() > 1;
        if (life.breaks(http.getRequestURI(), kept)) {
            channel.getEndPoint().close();
            return;
        }
        handle(http, reply, chain);
        channel.getEndPoint()
                .setIdleTimeout(life.idleLimit(http.getRequestURI())
                        .map(limit -> limit.toMillis())
                        .orElse(channel.getConnector().getIdleTimeout()));
    }

    private void handle(HttpServletRequest http, HttpServletResponse reply, FilterChain chain)
            throws IOException, ServletException {
        if (String.valueOf(http.getHeader("SOAPAction")).contains("GetStreamingEvents")) {
            handle(http, reply);
        } else {
            chain.doFilter(http, reply);
        }
    }

    private void handle(HttpServletRequest http, HttpServletResponse reply) throws IOException {
        var answer = frontDoor.handle(new SimulatorRequest(
                http.getMethod(),
                http.getRequestURI(),
                SimulatorRequest.headers(http::getHeader),
                new String(http.getInputStream().readAllBytes(), StandardCharsets.UTF_8)));
        reply.setHeader("Date", life.date());
        switch (answer) {
            case SimulatorResponse.Streamed streamed -> stream(streamed.flow(), reply);
            case SimulatorResponse.Reply plain -> {
                reply.setStatus(plain.status());
                reply.setContentType(plain.contentType());
                plain.headers().forEach(reply::setHeader);
                reply.getOutputStream().write(plain.body().getBytes(StandardCharsets.UTF_8));
            }
            case SimulatorResponse.Unauthorized ignored -> {
                reply.setHeader("WWW-Authenticate", "Basic realm=\"simulated.example\"");
                reply.setStatus(401);
            }
            case SimulatorResponse.Cut ignored -> throw new EOFException("The connection is closed on purpose.");
        }
    }

    private static void stream(StreamingResponse flow, HttpServletResponse reply) throws IOException {
        reply.setStatus(200);
        reply.setContentType("text/xml; charset=utf-8");
        for (var envelope = flow.next(); envelope.isPresent(); envelope = flow.next()) {
            reply.getOutputStream().write(envelope.get().getBytes(StandardCharsets.UTF_8));
            reply.flushBuffer();
        }
    }
}
