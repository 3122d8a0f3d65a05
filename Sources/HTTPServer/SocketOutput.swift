import Glibc

/// Writing to a socket that does not block.
enum SocketOutput {
  private static let flags = CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT)

  /// - Parameter more: Others follow at once: the kernel is to wait for them, so that they share a packet.
  /// - Returns: how many bytes the kernel has taken; 0 where it has no room, or an error stands in the way.
  static func send(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt, more: Bool = false) -> Int {
    var count = -1
    repeat {
      count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, more ? flags | CInt(MSG_MORE) : flags)
    } while count < 0 && errno == EINTR
    return max(count, 0)
  }
}
