package dev.muster.protocol.net;

import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.trust.key.Tls;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/// Requests to whichever coordinator answers.
final class CoordinatorCalls implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SEND = Duration.ofSeconds(60);

    private final List<Address> addresses;
    private final HttpClient http;

    /// Index of the address that answered last.
    private final AtomicInteger preferred = new AtomicInteger();

    CoordinatorCalls(List<Address> addresses, SSLContext tls) {
        this.addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("expected the address of a coordinator, found none");
        }
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .sslContext(tls)
                .sslParameters(Tls.parameters())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    byte[] get(String path, Duration limit, int bytesMax) throws IOException {
        return call(path, HttpRequest.newBuilder().GET(), limit, bytesMax);
    }

    byte[] post(String path, byte[] body, int bytesMax) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(body));
        return call(path, request, SEND, bytesMax);
    }

    String sendText(String method, String path, String json, int bytesMax) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(json));
        return text(call(path, request, SEND, bytesMax));
    }

    static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    private byte[] call(String path, HttpRequest.Builder request, Duration limit, int bytesMax) throws IOException {
        List<String> failures = new ArrayList<>();
        int first = preferred.get();
        for (int i = 0; i < addresses.size(); i++) {
            int index = (first + i) % addresses.size();
            Address address = addresses.get(index);
            try {
                byte[] body = send(
                        request.uri(URI.create("https://" + address + path)).build(), limit, bytesMax);
                preferred.set(index);
                return body;
            } catch (Unreachable e) {
                // A coordinator that answers so cannot serve us now; another one may.
                failures.add(address + " (" + e.getMessage() + ")");
            } catch (MusterException | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                failures.add(address + " (" + brief(e) + ")");
            }
        }
        throw new Unreachable(
                "expected a coordinator at one of " + addresses + ", found none: " + String.join(", ", failures));
    }

    private byte[] send(HttpRequest request, Duration limit, int bytesMax) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> call = http.sendAsync(
                request,
                answer -> isGood(answer)
                        ? BodySubscribers.limiting(BodySubscribers.ofByteArray(), bytesMax)
                        : BodySubscribers.replacing(new byte[0]));
        try {
            // The limit of the request itself ends with the headers; a body may drip.
            HttpResponse<byte[]> response = call.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            String exit = header(response, Failure.EXIT_HEADER);
            if (!exit.isEmpty()) {
                throw Failure.parse(
                                exit, header(response, Failure.REASON_HEADER), header(response, Failure.MESSAGE_HEADER))
                        .orElse(new Failure(0, "", "an answer that cannot be read"))
                        .toException();
            }
            if (response.statusCode() / 100 != 2) {
                throw new Unreachable("HTTP status " + response.statusCode());
            }
            return response.body();
        } catch (ExecutionException e) {
            throw new IOException(brief(e), e);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException("interrupted while a coordinator was asked");
            interrupted.initCause(e);
            throw interrupted;
        } finally {
            call.cancel(true);
        }
    }

    private static boolean isGood(HttpResponse.ResponseInfo answer) {
        return answer.statusCode() / 100 == 2
                && answer.headers().firstValue(Failure.EXIT_HEADER).isEmpty();
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /// The innermost cause, which says what happened; the layers above say only that something did.
    private static String brief(Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
            if (cause instanceof ConnectException) {
                return "connection refused";
            }
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
