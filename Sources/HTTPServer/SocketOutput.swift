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

  /// Sends two pieces as one.
  static func send(
    _ first: UnsafeRawBufferPointer,
    _ second: UnsafeRawBufferPointer,
    to descriptor: CInt
  ) -> Int {
    withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { pieces in
      pieces.initializeElement(at: 0, to: iovec(first))
      pieces.initializeElement(at: 1, to: iovec(second))
      var message = msghdr()
      message.msg_iov = pieces.baseAddress
      message.msg_iovlen = pieces.count
      var count = -1
      repeat { count = sendmsg(descriptor, &message, flags) } while count < 0 && errno == EINTR
      return max(count, 0)
    }
  }
}

extension iovec {
  /// The kernel only reads from them.
  fileprivate init(_ bytes: UnsafeRawBufferPointer) {
    self.init(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
  }
}

/// Looking at a socket that does not block.
enum SocketInput {
  /// Whether there is something to read.
  static func hasBytes(_ descriptor: CInt) -> Bool {
    var byte: UInt8 = 0
    var count = -1
    repeat {
      count = recv(descriptor, &byte, 1, CInt(MSG_PEEK) | CInt(MSG_DONTWAIT))
    } while count < 0 && errno == EINTR
    return count > 0
  }
}
