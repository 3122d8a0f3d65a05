import Glibc

/// What the kernel says about a regular file. Two that are equal are the same content, as far as a kernel can tell:
/// a change within one tick of its clock (4 ms; finer from Linux 6.13) that keeps the size may go unseen.
package struct FileMetadata: Sendable, Hashable {
  package let size: Int64
  /// Seconds since the epoch. Anyone who owns the file can set any value.
  package let modified: Int64
  /// 0…999,999,999
  package let modifiedNanoseconds: Int64
  package let inode: UInt64
  package let device: UInt64

  package init(size: Int64, modified: Int64, modifiedNanoseconds: Int64, inode: UInt64, device: UInt64) {
    self.size = size
    self.modified = modified
    self.modifiedNanoseconds = modifiedNanoseconds
    self.inode = inode
    self.device = device
  }

  init(_ status: stat) {
    self.init(
      size: Int64(status.st_size),
      modified: Int64(status.st_mtim.tv_sec),
      modifiedNanoseconds: Int64(status.st_mtim.tv_nsec),
      inode: UInt64(status.st_ino),
      device: UInt64(status.st_dev)
    )
  }
}
