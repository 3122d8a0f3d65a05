// What the kernel alone costs: one epoll loop that reads whatever a client sent and writes one canned answer.
//
// Nothing is parsed and nothing is kept, so it is no server, only the least that any server with these system calls has
// to pay for a small request. It expects a client that waits for each answer before it asks again.
//
// usage: floor PORT ANSWER-FILE

#define _GNU_SOURCE  // accept4

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 64, BACKLOG = 4096 };

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static size_t load(const char *path, char *answer, size_t room) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail(path);
  size_t length = fread(answer, 1, room, file);
  fclose(file);
  return length;
}

static int listen_on(unsigned short port) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
  if (listen(listener, BACKLOG) != 0) fail("listen");
  return listener;
}

static void watch(int epoll, int descriptor) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
}

static void accept_all(int epoll, int listener) {
  int connection;
  while ((connection = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    watch(epoll, connection);
  }
}

int main(int count, char **arguments) {
  static char answer[64 << 10], request[4096];
  if (count != 3) {
    fputs("usage: floor PORT ANSWER-FILE\n", stderr);
    return 2;
  }
  size_t length = load(arguments[2], answer, sizeof answer);
  int listener = listen_on((unsigned short)atoi(arguments[1]));
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  watch(epoll, listener);
  for (;;) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(epoll, events, EVENTS, -1);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int place = 0; place < ready; place++) {
      int descriptor = events[place].data.fd;
      if (descriptor == listener) {
        accept_all(epoll, listener);
      } else if (read(descriptor, request, sizeof request) <= 0 || write(descriptor, answer, length) < 0) {
        close(descriptor);
      }
    }
  }
}
