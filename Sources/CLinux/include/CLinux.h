#ifndef MARTLET_CLINUX_H
#define MARTLET_CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// openat2(2) has no function in glibc, and syscall(2), which reaches it, takes variable arguments: Swift can call
// neither. The call is Linux 5.6's.
//
// Returns a descriptor, or the negative of an errno.
int martlet_openat2(int directory, const char *path, uint64_t flags, uint64_t resolve);

// The kernel's numbers (linux/openat2.h), written down so that old headers can build for new kernels.
enum {
  MARTLET_RESOLVE_NO_MAGICLINKS = 0x02,
  MARTLET_RESOLVE_NO_SYMLINKS = 0x04,
  MARTLET_RESOLVE_BENEATH = 0x08,
  MARTLET_RESOLVE_CACHED = 0x20, // Linux 5.12
};

// O_PATH is one of glibc's GNU extensions, which Swift's Glibc module leaves out.
extern const int martlet_o_path;

// preadv2(2) with RWF_NOWAIT, another GNU extension: what is in the page cache now, and never a wait for the disk.
//
// Returns a count, which may be short, or the negative of an errno: -EAGAIN where nothing of it is in memory,
// -EOPNOTSUPP where the file system can't tell.
ssize_t martlet_read_cached(int file, void *target, size_t count, int64_t offset);

// ioctl(2) takes variable arguments. SIOCOUTQ: bytes of a socket that the other end has not acknowledged (or, on a
// Unix socket, not read); 0 where the kernel can't tell.
int martlet_unsent_bytes(int socket);

// readahead(2), a GNU extension: starts reading a stretch of a file into the page cache.
void martlet_read_ahead(int file, int64_t offset, size_t count);

// getauxval(3) is in a header that Swift's Glibc module leaves out. Whether the program's file gave this process rights
// that whoever started it has not: set-user-ID, capabilities.
int martlet_is_privileged(void);

// Gives back the memory of what start-up has read of this program or library: relocations, names, code that runs once. The
// kernel maps again what is needed again. Segments that can be written to are left alone.
void martlet_release_start_up_pages(void);

// prctl(2), which takes variable arguments: PR_SET_NAME, the name of the calling thread, at most 15 bytes of it.
void martlet_set_process_name(const char *name);

// fork(2), which Swift's Glibc module refuses, rightly in a process with threads: only for one that has none yet.
pid_t martlet_fork(void);

// sched_setattr(2), which glibc has no function for: how long the calling thread runs before the scheduler looks at
// others that want its core, in nanoseconds. A wish, of an ordinary thread, that Linux 6.12 and later grant; where it can't
// be had, nothing changes.
void martlet_set_time_slice(uint64_t nanoseconds);

// SIGRTMIN, a macro that calls a function.
int martlet_sigrtmin(void);

#endif
