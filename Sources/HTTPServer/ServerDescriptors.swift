import Glibc
import Synchronization

/// Which descriptors are sockets of the server, so that a process that the application forks can close them: it must keep
/// neither an address in use nor a client's connection open.
///
/// For each number the inode of the socket, in memory that is never freed; a forked process can read it without a lock.
/// The inode, because a number is free for others a moment before we hear that our socket has been closed: it must not be
/// taken for that socket then, nor a new socket be forgotten in its place.
package enum ServerDescriptors {
  private static let limit = 1 << 20
  // Atomics behind a pointer that is set once. Most of it is never touched, and costs no memory.
  nonisolated(unsafe) private static let inodes: UnsafeMutablePointer<Atomic<UInt64>>? = {
    let size = limit * MemoryLayout<Atomic<UInt64>>.stride
    let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let memory, memory != MAP_FAILED else { return nil }
    // The kernel's zeros are atomics of 0: no socket.
    return memory.bindMemory(to: Atomic<UInt64>.self, capacity: limit)
  }()
  /// One more than the highest number there has been.
  private static let end = Atomic(0)

  /// One of the server's sockets, while it is noted.
  struct Entry {
    let descriptor: CInt
    fileprivate let inode: UInt64
  }

  /// Notes a socket that is open.
  static func insert(_ descriptor: CInt) -> Entry {
    let entry = Entry(descriptor: descriptor, inode: inode(of: descriptor))
    if let place = place(of: descriptor), entry.inode != 0 {
      place.pointee.store(entry.inode, ordering: .relaxed)
      end.max(Int(descriptor) + 1, ordering: .relaxed)
    }
    return entry
  }

  /// Forgets it, before it is closed or after.
  static func remove(_ entry: Entry) {
    _ = place(of: entry.descriptor)?.pointee.compareExchange(
      expected: entry.inode,
      desired: 0,
      ordering: .relaxed
    )
  }

  /// Closes all of them. In a forked process only.
  package static func closeAll() {
    forEach { close($0) }
  }

  /// Those that are open, and no number that has become another file's. It takes neither a lock nor memory.
  static func forEach(_ body: (CInt) -> Void) {
    for number in 0..<end.load(ordering: .relaxed) {
      let descriptor = CInt(truncatingIfNeeded: number)
      guard let noted = place(of: descriptor)?.pointee.load(ordering: .relaxed), noted != 0,
        noted == inode(of: descriptor)
      else { continue }
      body(descriptor)
    }
  }

  private static func place(of descriptor: CInt) -> UnsafeMutablePointer<Atomic<UInt64>>? {
    descriptor >= 0 && descriptor < limit ? inodes.map { $0 + Int(descriptor) } : nil
  }

  /// 0 for what is no open socket.
  private static func inode(of descriptor: CInt) -> UInt64 {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return 0 }
    return UInt64(status.st_ino)
  }
}
