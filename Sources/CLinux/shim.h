// What Swift's Glibc module leaves out of the Linux system calls.
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

// <sys/socket.h> declares it only under _GNU_SOURCE, which clashes with other modules' view of libc.
extern int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

// In a header of glibc's own.
extern int malloc_trim(size_t kept);

// <pthread.h> likewise.
extern int pthread_setname_np(pthread_t thread, const char *name);

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Gives a part of a file back to the file system; it reads as zeros then. Returns 0 or -1.
// <fcntl.h> declares fallocate(2) only under _GNU_SOURCE.
static inline int clinux_punch_hole(int descriptor, int64_t offset, int64_t length) {
  return (int)syscall(SYS_fallocate, descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
}

// What a program may use up before the kernel refuses or ends it.
struct clinux_limits {
  uint64_t address_space;      // bytes
  uint64_t file_size;          // bytes that it may write into a file
  uint64_t processor_seconds;
};

static inline int clinux_limit(int resource, uint64_t value) {
  struct rlimit limit = {(rlim_t)value, (rlim_t)value};
  return setrlimit(resource, &limit);
}

// Starts a program whose descriptors 0, 1, 2… are descriptors[0], [1], [2]…, and no others. It is
// killed when the calling thread ends. Returns 0 or an error number.
//
// posix_spawn(3) can set neither limits nor the death signal. vfork(2) runs no atfork handlers,
// which OpenBLAS has; its child calls nothing but the system.
static inline int clinux_spawn(const char *path, char *const arguments[], char *const environment[],
                               const int *descriptors, int count, struct clinux_limits limits,
                               pid_t *process) {
  pid_t parent = getpid();
  volatile int failure = 0;
  pid_t child = vfork();
  if (child < 0) return errno;
  if (child == 0) {
    int moved[8];
    sigset_t none;
    do {
      if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) break;
      setpgid(0, 0);
      // Out of the way of 0…count − 1, and without the flag that closes them.
      int ok = count <= 8;
      for (int i = 0; ok && i < count; i++) ok = (moved[i] = fcntl(descriptors[i], F_DUPFD, 16)) >= 0;
      for (int i = 0; ok && i < count; i++) ok = dup2(moved[i], i) >= 0;
      if (!ok) break;
      syscall(SYS_close_range, (unsigned)count, ~0u, 0u);
      if (clinux_limit(RLIMIT_CORE, 0) != 0) break;
      if (clinux_limit(RLIMIT_AS, limits.address_space) != 0) break;
      if (clinux_limit(RLIMIT_FSIZE, limits.file_size) != 0) break;
      if (clinux_limit(RLIMIT_CPU, limits.processor_seconds) != 0) break;
      signal(SIGPIPE, SIG_DFL);
      sigemptyset(&none);
      sigprocmask(SIG_SETMASK, &none, 0);
      execve(path, arguments, environment);
    } while (0);
    failure = errno != 0 ? errno : EIO;
    _exit(127);
  }
  if (failure != 0) {
    waitpid(child, 0, 0);
    return failure;
  }
  *process = child;
  return 0;
}
