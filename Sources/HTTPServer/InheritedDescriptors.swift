import Glibc

/// What the processes that the application starts would inherit of ours.
enum InheritedDescriptors {
  /// Marks the event loops' own descriptors, which NIO opens without `O_CLOEXEC`. Connections are marked one by one.
  static func closeOnExec() {
    guard let directory = opendir("/proc/self/fd") else { return }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let descriptor = CInt(name) else { continue }
      var target = [CChar](repeating: 0, count: 64)
      let count = readlink("/proc/self/fd/\(name)", &target, target.count)
      let kind = target.prefix(max(count, 0)).map(UInt8.init(bitPattern:))
      if String(decoding: kind, as: UTF8.self).hasPrefix("anon_inode:[") {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      }
    }
  }
}
