import Glibc

/// Who may connect to a Unix socket: the owner and the permissions of its file (unix(7): to write is to connect).
package struct SocketAccess: Sendable {
  private let mode: mode_t
  private let user, group: String?

  /// - Parameters:
  ///   - mode: 666, as with nginx and Gunicorn, leaves it to the directory.
  ///   - user: a name or a number; nil for the process's own.
  ///   - group: the same.
  package init(mode: mode_t = 0o666, user: String? = nil, group: String? = nil) {
    self.mode = mode
    self.user = user
    self.group = group
  }

  func apply(to path: String, name: String) throws(ListenError) {
    if user != nil || group != nil {
      let user = try Self.number(user, "user", name) { getpwnam($0)?.pointee.pw_uid }
      let group = try Self.number(group, "group", name) { getgrnam($0)?.pointee.gr_gid }
      // -1 leaves it as it is.
      guard chown(path, user ?? .max, group ?? .max) == 0 else {
        throw ListenError(
          address: name,
          reason: "its owner can't be changed (--socket-owner): \(errorText(errno)). Only root may do that."
        )
      }
    }
    guard chmod(path, mode) == 0 else { throw ListenError(address: name, reason: errorText(errno)) }
  }

  private static func number(
    _ text: String?,
    _ kind: String,
    _ name: String,
    _ lookUp: (String) -> UInt32?
  ) throws(ListenError) -> UInt32? {
    guard let text else { return nil }
    guard let number = lookUp(text) ?? UInt32(text) else {
      throw ListenError(address: name, reason: "there is no \(kind) '\(text)' (--socket-owner)")
    }
    return number
  }
}
