import HTTPCore

extension HTTPLimits {
  /// Limits that a short input can exceed.
  package static var tight: HTTPLimits {
    var limits = HTTPLimits()
    limits.requestLine = 60
    limits.fieldSize = 60
    limits.fieldCount = 5
    limits.headSize = 120
    limits.bodySize = 30
    limits.chunkExtensions = 25
    limits.trailerSize = 20
    return limits
  }
}
