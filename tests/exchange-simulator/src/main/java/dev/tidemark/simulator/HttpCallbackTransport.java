package dev.tidemark.simulator;

import dev.tidemark.ews.message.SubscriptionStatus;
import dev.tidemark.simulator.mailbox.MailboxServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.SAXException;

/// Posts callbacks over HTTP. Only this class of the module uses HttpClient.
final class HttpCallbackTransport implements CallbackTransport {
    private static final Logger log = LoggerFactory.getLogger(HttpCallbackTransport.class);
    private static final String FROM = "tidemark.from";
    private static final int CONNECTIONS = 4096;
    private static final int MAX_RESPONSE = 64 * 1024;
    /// Unquoted, as captured from Exchange Online.
    private static final String ACTION = XmlDocumentBuilder.MESSAGES + "/SendNotification";

    private final CloseableHttpClient client;

    HttpCallbackTransport(SimulatorConfig.Push config) {
        var timeout = Timeout.of(config.timeout());
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(CONNECTIONS)
                .setMaxConnPerRoute(CONNECTIONS)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout)
                        .setSocketTimeout(timeout)
                        .build())
                .build();
        var builder = HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(
                        RequestConfig.custom().setResponseTimeout(timeout).build())
                .setRoutePlanner(new FromOwnAddress())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression();
        if (!config.keepAlive()) {
            builder.setConnectionReuseStrategy((request, response, context) -> false);
        }
        client = builder.build();
    }

    @Override
    public Optional<SubscriptionStatus> post(URI url, String body) {
        return post(url, body, HttpClientContext.create());
    }

    @Override
    public Optional<SubscriptionStatus> post(MailboxServer from, URI url, String body) {
        var context = HttpClientContext.create();
        from.address().ifPresent(address -> context.setAttribute(FROM, address));
        return post(url, body, context);
    }

    private Optional<SubscriptionStatus> post(URI url, String body, HttpClientContext context) {
        var request = new HttpPost(url);
        request.setHeader("Accept", "text/xml");
        request.setHeader("SOAPAction", ACTION);
        request.setEntity(new StringEntity(body, ContentType.create("text/xml", StandardCharsets.UTF_8)));
        try {
            return client.execute(request, context, HttpCallbackTransport::status);
        } catch (IOException e) {
            log.debug("Callback to {} got no response", url, e);
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            log.debug("Callback connections did not close cleanly", e);
        }
    }

    /// Sends each request from the address in its context.
    private static final class FromOwnAddress extends DefaultRoutePlanner {
        FromOwnAddress() {
            super(DefaultSchemePortResolver.INSTANCE);
        }

        @Override
        protected @Nullable InetAddress determineLocalAddress(HttpHost firstHop, HttpContext context) {
            return (InetAddress) context.getAttribute(FROM);
        }
    }

    private static Optional<SubscriptionStatus> status(ClassicHttpResponse response) throws IOException {
        try {
            var body = response.getEntity() == null
                    ? ""
                    : EntityUtils.toString(response.getEntity(), StandardCharsets.UTF_8, MAX_RESPONSE);
            if (response.getCode() != 200) {
                log.debug("Callback got status {}", response.getCode());
                return Optional.empty();
            }
            return read(body);
        } catch (ParseException e) {
            throw new IOException("The response to a callback has an unreadable content type", e);
        }
    }

    /// Reads a reply. It must be a Result element in the messages namespace; callers treat any other reply as a
    /// failed callback.
    static Optional<SubscriptionStatus> read(String body) {
        try {
            var result = SoapReader.read(body).body();
            if (!ChildElementReader.is(result, XmlDocumentBuilder.MESSAGES, "SendNotificationResult")) {
                return Optional.empty();
            }
            return new ChildElementReader(result)
                    .optional(XmlDocumentBuilder.MESSAGES, "SubscriptionStatus")
                    .map(ChildElementReader::text)
                    .flatMap(word -> Arrays.stream(SubscriptionStatus.values())
                            .filter(status -> status.wireName().equals(word))
                            .findFirst());
        } catch (SAXException e) {
            log.debug("The response to a callback is not an envelope", e);
            return Optional.empty();
        }
    }
}
