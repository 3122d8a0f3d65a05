import HTTPCore

/// The file that an application has sent in its place.
package enum InternalTarget: Sendable {
  /// `X-Accel-Redirect`: a path beneath an internal prefix, percent-encoded.
  case path([UInt8])
  /// `X-Sendfile`: a file's own path, in the forms that it may have; the first that is there is meant.
  case file([[UInt8]])
}

/// Answers in an application's place with a file that clients can't ask for themselves.
package protocol InternalFileHandler: Sendable {
  /// Called on the exchange's event loop. `head` is the application's, whose fields about the content go out.
  func handle(_ exchange: Exchange, _ target: InternalTarget, _ head: ResponseHead)
}
