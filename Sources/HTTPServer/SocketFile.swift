import Glibc

/// The file that a Unix socket leaves in the file system.
struct SocketFile: Sendable {
  private let path: String
  private let device: UInt64
  private let inode: UInt64

  init?(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    self.path = path
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }

  func remove() {
    var status = stat()
    guard lstat(path, &status) == 0, UInt64(status.st_dev) == device, UInt64(status.st_ino) == inode else {
      return
    }
    unlink(path)
  }

  /// Removes what a server that is gone has left behind; refuses to take the place of one that lives, or of
  /// anything that is no socket.
  static func clearTheWay(for address: UnixAddress, path: String, name: String) throws(ListenError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ListenError(address: name, reason: "something else than a socket is there")
    }
    let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard probe >= 0 else { throw ListenError(address: name, reason: errorText(errno)) }
    defer { close(probe) }
    guard address.withSocketAddress({ connect(probe, $0, $1) }) != 0, errno == ECONNREFUSED else {
      throw ListenError(
        address: name,
        reason: "the socket is in use by another server. Stop that one, or choose another path."
      )
    }
    guard unlink(path) == 0 else {
      throw ListenError(address: name, reason: "the file that is there can't be removed: \(errorText(errno))")
    }
  }
}

/// A path as the kernel takes it (unix(7)).
struct UnixAddress {
  private var storage: sockaddr_un

  init?(_ path: String) {
    storage = sockaddr_un()
    storage.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let fits = withUnsafeMutableBytes(of: &storage.sun_path) { target in
      guard bytes.count < target.count else { return false }
      target.copyBytes(from: bytes)
      return true
    }
    guard fits else { return nil }
  }

  func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    withUnsafePointer(to: storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  static func path(in storage: sockaddr_storage) -> String {
    withUnsafeBytes(of: storage) { bytes in
      let path = bytes.dropFirst(MemoryLayout<sa_family_t>.size).prefix(107).prefix { $0 != 0 }
      return String(decoding: path, as: UTF8.self)
    }
  }
}
