/*
 * Durable floor without a runtime: reads HTTP/1.1 requests on kept connections, appends the bodies of all that are ready
 * with one write, forces them with one fdatasync, then answers each. One thread. It understands nothing of what it keeps.
 *
 * Arguments: file for the bodies, file with the body of the answer. Prints where it listens as a line of JSON, stops at
 * the end of its standard input, and prints how many bodies it kept as another line.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS 4096
#define EVENTS 1024
#define REQUEST (64 * 1024)
#define ANSWER (4 * 1024)
/* as the store does: blocks are filled and forced ahead, so that a force needs no commit of the file system */
#define GROW (1024 * 1024)

struct connection {
    size_t used;
    size_t body; /* offset of the body; 0 until the head is whole */
    size_t end;  /* of the request */
    char bytes[REQUEST];
};

static struct connection *connections[CONNECTIONS];
static int ready[EVENTS];
static int ready_count;
static char answer[ANSWER];
static size_t answer_length;
static char *batch;
static size_t batch_room;
static int bodies;
static off_t written;
static off_t filled;
static long kept;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void write_all(const char *bytes, size_t length, off_t at) {
    while (length > 0) {
        ssize_t count = pwrite(bodies, bytes, length, at);
        if (count < 0) fail("write");
        bytes += count;
        at += count;
        length -= (size_t) count;
    }
}

static void read_answer(const char *name) {
    char body[ANSWER / 2];
    FILE *file = fopen(name, "r");
    if (!file) fail(name);
    size_t length = fread(body, 1, sizeof body, file);
    fclose(file);
    answer_length = (size_t) snprintf(
        answer, sizeof answer,
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: %zu\r\n\r\n", length);
    memcpy(answer + answer_length, body, length);
    answer_length += length;
}

static int listen_on_loopback(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (listening < 0 || bind(listening, (struct sockaddr *) &address, length) || listen(listening, 1024)
        || getsockname(listening, (struct sockaddr *) &address, &length)) {
        fail("listen");
    }
    printf("{\"port\":%d,\"tlsPort\":0}\n", ntohs(address.sin_port));
    fflush(stdout);
    return listening;
}

static void watch(int epoll, int file) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = file};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event)) fail("epoll_ctl");
}

static void accept_all(int epoll, int listening) {
    int one = 1;
    for (int file; (file = accept4(listening, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        if (file >= CONNECTIONS) {
            close(file);
            continue;
        }
        setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (!connections[file] && !(connections[file] = malloc(sizeof(struct connection)))) fail("malloc");
        connections[file]->used = connections[file]->body = 0;
        watch(epoll, file);
    }
}

/* Returns whether the request is whole, or -1 if it cannot be read. */
static int parse(struct connection *at) {
    if (!at->body) {
        at->bytes[at->used] = 0;
        char *head = memmem(at->bytes, at->used, "\r\n\r\n", 4);
        if (!head) return 0;
        char *length = strcasestr(at->bytes, "\r\nContent-Length:");
        if (!length || length > head) return -1;
        at->body = (size_t) (head - at->bytes) + 4;
        at->end = at->body + strtoul(length + 17, NULL, 10);
        if (at->end >= REQUEST) return -1;
    }
    return at->used >= at->end;
}

static void take(int file) {
    struct connection *at = connections[file];
    ssize_t count = read(file, at->bytes + at->used, REQUEST - 1 - at->used);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        close(file);
        return;
    }
    at->used += (size_t) count;
    int whole = parse(at);
    if (whole < 0) {
        close(file);
    } else if (whole) {
        ready[ready_count++] = file;
    }
}

static void append(void) {
    size_t length = 0;
    for (int i = 0; i < ready_count; i++) length += connections[ready[i]]->end - connections[ready[i]]->body;
    if (length > batch_room && !(batch = realloc(batch, batch_room = 2 * length))) fail("realloc");
    char *to = batch;
    for (int i = 0; i < ready_count; i++) {
        struct connection *at = connections[ready[i]];
        to = mempcpy(to, at->bytes + at->body, at->end - at->body);
    }
    while (written + (off_t) length > filled) {
        static char zeros[GROW];
        write_all(zeros, sizeof zeros, filled);
        filled += GROW;
        if (fdatasync(bodies)) fail("fdatasync");
    }
    write_all(batch, length, written);
    if (fdatasync(bodies)) fail("fdatasync");
    written += (off_t) length;
    kept += ready_count;
}

static void answer_all(void) {
    for (int i = 0; i < ready_count; i++) {
        struct connection *at = connections[ready[i]];
        at->used -= at->end;
        memmove(at->bytes, at->bytes + at->end, at->used);
        at->body = 0;
        /* a client waits for each answer, so that there is always room for one */
        if (send(ready[i], answer, answer_length, MSG_NOSIGNAL) != (ssize_t) answer_length) close(ready[i]);
    }
    ready_count = 0;
}

static void stop(void) {
    if (ftruncate(bodies, written) || fsync(bodies) || lseek(bodies, 0, SEEK_END) != written) fail("the file");
    printf("{\"events\":%ld,\"duplicates\":0,\"gaps\":0}\n", kept);
    exit(0);
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: floor_server BODIES ANSWER\n");
        return 2;
    }
    bodies = open(arguments[1], O_RDWR | O_CREAT | O_EXCL, 0600);
    if (bodies < 0) fail(arguments[1]);
    read_answer(arguments[2]);
    int listening = listen_on_loopback();
    int epoll = epoll_create1(0);
    watch(epoll, listening);
    watch(epoll, STDIN_FILENO);
    struct epoll_event events[EVENTS];
    for (;;) {
        int found = epoll_wait(epoll, events, EVENTS, -1);
        if (found < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < found; i++) {
            int file = events[i].data.fd;
            if (file == listening) {
                accept_all(epoll, listening);
            } else if (file == STDIN_FILENO) {
                char ignored;
                if (read(file, &ignored, 1) <= 0) stop();
            } else {
                take(file);
            }
        }
        if (ready_count > 0) {
            append();
            answer_all();
        }
    }
}
