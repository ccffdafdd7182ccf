// What Swift's Glibc module leaves out of the Linux system calls.
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

// <sys/socket.h> declares it only under _GNU_SOURCE, which clashes with other modules' view of libc.
extern int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

// <pthread.h> likewise.
extern int pthread_setname_np(pthread_t thread, const char *name);
