import Glibc

/// What tells whether a file is still the one that it was: two that are equal are of one file, unchanged in between.
///
/// That holds for a stamp that was settled when the content was read (``isSettled(at:)``). `ctime` is what makes it
/// hold: nobody can set it, and every change of content, name or permissions moves it.
struct FileStamp: Sendable, Hashable {
  let device, inode: UInt64
  let size: Int64
  let modified, modifiedNanoseconds: Int64
  let changed, changedNanoseconds: Int64

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    modified = Int64(status.st_mtim.tv_sec)
    modifiedNanoseconds = Int64(status.st_mtim.tv_nsec)
    changed = Int64(status.st_ctim.tv_sec)
    changedNanoseconds = Int64(status.st_ctim.tv_nsec)
  }

  /// Whether these are the same, without making another one of them: for each request that is answered from memory.
  func isOf(_ status: stat) -> Bool {
    device == UInt64(status.st_dev) && inode == UInt64(status.st_ino) && size == Int64(status.st_size)
      && modified == Int64(status.st_mtim.tv_sec) && modifiedNanoseconds == Int64(status.st_mtim.tv_nsec)
      && changed == Int64(status.st_ctim.tv_sec) && changedNanoseconds == Int64(status.st_ctim.tv_nsec)
  }

  /// Of an open file; nil where the kernel can't tell.
  init?(ofFile descriptor: CInt) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(status)
  }

  /// Whether any later change will show: the file system's clock has gone on since the last one.
  ///
  /// Within one tick of that clock (4 ms here, up to 2 s on FAT) a file can change twice and look the same. A time in the
  /// future, of a clock that was set back, is not settled before it has come.
  ///
  /// - Parameter now: seconds since the epoch.
  func isSettled(at now: Int64) -> Bool {
    changed <= now - Self.longestTick && modified <= now
  }

  private static let longestTick: Int64 = 3

  /// What responses are described by.
  var metadata: FileMetadata {
    FileMetadata(
      size: size,
      modified: modified,
      modifiedNanoseconds: modifiedNanoseconds,
      inode: inode,
      device: device
    )
  }
}
