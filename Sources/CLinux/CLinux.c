#define _GNU_SOURCE

#include "CLinux.h"

#include <signal.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/sockios.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

// The same number on every architecture.
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

const int martlet_o_path = O_PATH;

int martlet_openat2(int directory, const char *path, uint64_t flags, uint64_t resolve) {
  struct {
    uint64_t flags, mode, resolve;
  } how = {.flags = flags, .mode = 0, .resolve = resolve};
  long result = syscall(SYS_openat2, directory, path, &how, sizeof how);
  return result >= 0 ? (int)result : -errno;
}

ssize_t martlet_read_cached(int file, void *target, size_t count, int64_t offset) {
  struct iovec piece = {.iov_base = target, .iov_len = count};
  ssize_t result = preadv2(file, &piece, 1, offset, RWF_NOWAIT);
  return result >= 0 ? result : -errno;
}

pid_t martlet_fork(void) { return fork(); }

int martlet_unsent_bytes(int socket) {
  int count = 0;
  return ioctl(socket, SIOCOUTQ, &count) == 0 ? count : 0;
}

void martlet_read_ahead(int file, int64_t offset, size_t count) { readahead(file, offset, count); }

int martlet_sigrtmin(void) { return SIGRTMIN; }

// The first version of the kernel's struct sched_attr (linux/sched/types.h).
struct scheduling {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period;
};

void martlet_set_time_slice(uint64_t nanoseconds) {
  struct scheduling scheduling = {.size = sizeof scheduling};
  if (syscall(SYS_sched_getattr, 0, &scheduling, sizeof scheduling, 0) != 0) return;
  // Whoever runs it with another policy has had a reason.
  if (scheduling.policy != SCHED_OTHER) return;
  scheduling.size = sizeof scheduling;
  scheduling.runtime = nanoseconds;
  // What the application starts has nothing to do with it.
  enum { reset_on_fork = 1 };
  scheduling.flags |= reset_on_fork;
  syscall(SYS_sched_setattr, 0, &scheduling, 0);
}

void martlet_set_process_name(const char *name) { prctl(PR_SET_NAME, name); }

int martlet_is_privileged(void) { return getauxval(AT_SECURE) != 0; }

static int release_own_pages(struct dl_phdr_info *object, size_t size, void *own) {
  (void)size;
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  int is_own = 0;
  for (int pass = 0; pass < 2; pass++) {
    for (int i = 0; i < object->dlpi_phnum; i++) {
      const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
      if (segment->p_type != PT_LOAD) continue;
      const uintptr_t start = object->dlpi_addr + segment->p_vaddr, end = start + segment->p_memsz;
      if (pass == 0) {
        is_own |= start <= (uintptr_t)own && (uintptr_t)own < end;
      } else if (!(segment->p_flags & PF_W)) {
        const uintptr_t first = (start + page - 1) & ~(page - 1), last = end & ~(page - 1);
        if (first < last) madvise((void *)first, last - first, MADV_DONTNEED);
      }
    }
    if (!is_own) return 0;
  }
  return 1;
}

void martlet_release_start_up_pages(void) { dl_iterate_phdr(release_own_pages, (void *)martlet_release_start_up_pages); }
