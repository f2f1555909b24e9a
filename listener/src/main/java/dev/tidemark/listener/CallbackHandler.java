package dev.tidemark.listener;

import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Accepts or rejects a request by its head, before the body is read. Runs on Jetty's threads and does not block.
/// Thread-safe.
final class CallbackHandler extends Handler.Abstract.NonBlocking {
    private final CallbackAdmissionPolicy admissionPolicy;
    private final ConnectionDeadlineTracker<Connection> deadlines;

    CallbackHandler(CallbackAdmissionPolicy admissionPolicy, ConnectionDeadlineTracker<Connection> deadlines) {
        this.admissionPolicy = admissionPolicy;
        this.deadlines = deadlines;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var transaction = new CallbackTransaction(request, response, callback, deadlines);
        switch (admissionPolicy.evaluate(head(request))) {
            case CallbackAdmissionPolicy.AdmissionResult.Rejected rejected -> transaction.reject(rejected.response());
            case CallbackAdmissionPolicy.AdmissionResult.Accepted accepted ->
                transaction.startReading(accepted.bodyReader());
        }
        return true;
    }

    private static RequestHead head(Request request) {
        var headers = request.getHeaders();
        return new RequestHead(
                request.getMethod(),
                Optional.ofNullable(request.getHttpURI().getPath()).orElse(""),
                Request.getRemoteAddr(request),
                headers.getValuesList("X-Forwarded-For"),
                Optional.ofNullable(headers.get(HttpHeader.CONTENT_TYPE)),
                Optional.ofNullable(headers.get(HttpHeader.CONTENT_ENCODING)),
                request.getLength());
    }
}
