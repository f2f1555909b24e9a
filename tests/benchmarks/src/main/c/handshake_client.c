/*
 * Opens TLS connections to one server, each for one prepared request, and counts the acknowledged ones. OpenSSL does
 * the client's half, so that the generator leaves the processor to the server.
 *
 *   handshake_client PORT REQUESTS THREADS
 *
 * The first line of REQUESTS holds the length of a request and the number of its gaps. A line follows for each gap: its
 * place, factor and addend; 16 hexadecimal digits of the request's number, times the factor, plus the addend, fill it.
 * Then follows a request for each thread. A thread counts its own from 1 and repeats one that was not acknowledged, as
 * Exchange does. Each line of the input is a turn as a JSON text, with its seconds: "1.2 new 3.5" or "1.3 resumed 3.5".
 * Prints a line of JSON for each turn. Ends at the end of the input.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_SAMPLES = 1 << 20, MAX_GAPS = 64, GAP_WIDTH = 16 };

static struct sockaddr_in server;
static size_t length;
static size_t gaps;
static struct {
    size_t place;
    long factor, addend;
} gap[MAX_GAPS];

struct turn {
    SSL_CTX *context;
    int resumes;
    double until;
};

struct worker {
    pthread_t thread;
    const struct turn *turn;
    char *request;
    long number;
    SSL_SESSION *session;
    long connections, resumed, failures;
    float *samples;
    const char *failure;
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void die(const char *what) {
    fprintf(stderr, "handshake_client: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* Keeps the newest session of a thread; TLS 1.3 sends it after the handshake. */
static int keep_session(SSL *ssl, SSL_SESSION *session) {
    struct worker *worker = SSL_get_app_data(ssl);
    SSL_SESSION_free(worker->session);
    worker->session = session;
    return 1;
}

/*
 * Keeps the session of TLS 1.2 after each connection. A server may replace the ticket of a session that is resumed.
 * OpenSSL then refuses the old session and calls no callback for the new one, which would halve the resumptions.
 */
static void keep_replaced_session(SSL *ssl) {
    if (SSL_version(ssl) == TLS1_2_VERSION) {
        SSL_SESSION *session = SSL_get1_session(ssl);
        if (session != NULL) {
            keep_session(ssl, session);
        }
    }
}

static int acknowledged(SSL *ssl) {
    char buffer[8192];
    size_t size = 0;
    for (;;) {
        int count = SSL_read(ssl, buffer + size, (int)(sizeof buffer - 1 - size));
        if (count <= 0) {
            break;
        }
        size += (size_t)count;
        if (size == sizeof buffer - 1) {
            return 0;
        }
    }
    buffer[size] = 0;
    return strncmp(buffer, "HTTP/1.1 200", 12) == 0 && strstr(buffer, "OK") != NULL;
}

static void fill(struct worker *worker) {
    for (size_t i = 0; i < gaps; i++) {
        char digits[GAP_WIDTH + 1];
        snprintf(digits, sizeof digits, "%016lx", worker->number * gap[i].factor + gap[i].addend);
        memcpy(worker->request + gap[i].place, digits, GAP_WIDTH);
    }
}

static const char *call(struct worker *worker, int socket) {
    const char *failure = NULL;
    SSL *ssl = SSL_new(worker->turn->context);
    if (ssl == NULL) {
        return "no memory";
    }
    SSL_set_app_data(ssl, worker);
    SSL_set_fd(ssl, socket);
    if (worker->turn->resumes && worker->session != NULL) {
        SSL_set_session(ssl, worker->session);
    }
    if (SSL_connect(ssl) != 1) {
        failure = "the handshake failed";
    } else if (SSL_write(ssl, worker->request, (int)length) != (int)length) {
        failure = "the request was not sent";
    } else if (!acknowledged(ssl)) {
        failure = "the request was not acknowledged";
    } else {
        worker->resumed += SSL_session_reused(ssl);
        SSL_shutdown(ssl);
        keep_replaced_session(ssl);
    }
    SSL_free(ssl);
    ERR_clear_error();
    return failure;
}

static void *work(void *argument) {
    struct worker *worker = argument;
    int on = 1;
    double start;
    while ((start = now()) < worker->turn->until && worker->failures < 100) {
        int client = socket(AF_INET, SOCK_STREAM, 0);
        const char *failure = NULL;
        if (client < 0) {
            die("no socket");
        }
        fill(worker);
        if (connect(client, (struct sockaddr *)&server, sizeof server) != 0) {
            failure = "the connection failed";
        } else {
            setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            failure = call(worker, client);
        }
        close(client);
        if (failure != NULL) {
            worker->failure = failure;
            worker->failures++;
            continue;
        }
        if (worker->connections < MAX_SAMPLES) {
            worker->samples[worker->connections] = (float)((now() - start) * 1e3);
        }
        worker->connections++;
        worker->number++;
    }
    return NULL;
}

static int ascending(const void *left, const void *right) {
    float one = *(const float *)left, other = *(const float *)right;
    return one < other ? -1 : one > other;
}

static void report(struct worker *workers, int threads) {
    static float all[MAX_SAMPLES];
    long connections = 0, resumed = 0, failures = 0, samples = 0;
    const char *failure = "";
    for (int i = 0; i < threads; i++) {
        for (long j = 0; j < workers[i].connections && samples < MAX_SAMPLES; j++) {
            all[samples++] = workers[i].samples[j];
        }
        connections += workers[i].connections;
        resumed += workers[i].resumed;
        failures += workers[i].failures;
        failure = workers[i].failure != NULL ? workers[i].failure : failure;
    }
    qsort(all, (size_t)samples, sizeof(float), ascending);
    printf("{\"connections\":%ld,\"resumed\":%ld,\"failures\":%ld,\"failure\":\"%s\",\"p50\":%.3f,\"p99\":%.3f}\n",
            connections, resumed, failures, failure, samples ? all[samples / 2] : 0,
            samples ? all[samples * 99 / 100] : 0);
    fflush(stdout);
}

static SSL_CTX *context(int version) {
    SSL_CTX *made = SSL_CTX_new(TLS_client_method());
    if (made == NULL) {
        die("no TLS");
    }
    SSL_CTX_set_min_proto_version(made, version);
    SSL_CTX_set_max_proto_version(made, version);
    /* the certificate is the benchmark's own; its check would only cost the client */
    SSL_CTX_set_verify(made, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(made, keep_session);
    return made;
}

static void read_requests(const char *path, struct worker *workers, int threads) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        die(path);
    }
    if (fscanf(file, "%zu %zu", &length, &gaps) != 2 || gaps > MAX_GAPS) {
        die("no requests");
    }
    for (size_t i = 0; i < gaps; i++) {
        if (fscanf(file, "%zu %ld %ld", &gap[i].place, &gap[i].factor, &gap[i].addend) != 3
                || gap[i].place + GAP_WIDTH > length) {
            die("no gap");
        }
    }
    fgetc(file);
    for (int i = 0; i < threads; i++) {
        workers[i].number = 1;
        workers[i].samples = malloc(sizeof(float) * MAX_SAMPLES);
        workers[i].request = malloc(length);
        if (workers[i].samples == NULL || workers[i].request == NULL
                || fread(workers[i].request, 1, length, file) != length) {
            die("no request");
        }
    }
    fclose(file);
}

static void run(struct worker *workers, int threads, const struct turn *turn) {
    for (int i = 0; i < threads; i++) {
        struct worker *worker = &workers[i];
        worker->turn = turn;
        worker->connections = worker->resumed = worker->failures = 0;
        worker->failure = NULL;
        SSL_SESSION_free(worker->session);
        worker->session = NULL;
        if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
            die("no thread");
        }
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
    }
}

int main(int count, char **arguments) {
    char version[8], kind[16];
    double seconds;
    if (count != 4) {
        fprintf(stderr, "usage: handshake_client PORT REQUESTS THREADS\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    server.sin_family = AF_INET;
    server.sin_port = htons((unsigned short)atoi(arguments[1]));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int threads = atoi(arguments[3]);
    struct worker *workers = calloc((size_t)threads, sizeof *workers);
    if (workers == NULL) {
        die("no memory");
    }
    read_requests(arguments[2], workers, threads);
    SSL_CTX *old = context(TLS1_2_VERSION), *new = context(TLS1_3_VERSION);
    while (scanf(" \"%7s %15[a-z] %lf\"", version, kind, &seconds) == 3) {
        struct turn turn = {strcmp(version, "1.2") == 0 ? old : new, strcmp(kind, "resumed") == 0, now() + seconds};
        run(workers, threads, &turn);
        report(workers, threads);
    }
    return 0;
}
