import HTTPCore
import NIOCore

/// What bounds a server's work: sizes in bytes, times as durations.
package struct ServerConfiguration: Sendable {
  /// Bounds on a request's head and body.
  package var limits = HTTPLimits()

  /// Largest request body kept in memory; a larger one goes to an unlinked temporary file.
  package var bodyBuffer = 256 << 10

  /// Received bytes that may wait, unparsed, behind a request that is being answered: reading pauses beyond, and goes
  /// on with the answer. The last read may bring more than was missing.
  package var pipelineBuffer = 64 << 10

  /// How far a streaming response may run ahead of its client.
  package var responseBuffer = 1 << 20

  /// How long a connection may be idle between two requests; zero closes it after each response.
  package var keepAlive = TimeAmount.seconds(75)

  /// For a whole request head, from its first byte (from the connection's start for the first one).
  package var headerTimeout = TimeAmount.seconds(60)

  /// Longest pause between two pieces of a request body.
  package var bodyTimeout = TimeAmount.seconds(60)

  /// Longest pause of a client in taking a response.
  package var sendTimeout = TimeAmount.seconds(60)

  /// Connections at once, in all and of one client; 0 sets no bound.
  package var connectionLimit = 0
  package var clientConnectionLimit = 0

  /// Requests on one connection, after which it is closed.
  package var requestsPerConnection = 10_000

  /// Bytes per second that a client has to send of a body, or to take of a response, on average; 0 sets no bound.
  package var minimumRate = 240

  /// How many requests one client may make; nil sets no bound.
  package var rateLimit: RateLimit?

  /// What becomes of request fields with an underscore in their name.
  package var underscoredNames = UnderscoredNames.drop

  /// Whose word on the requests that they pass on is taken.
  package var trustedProxies = TrustedPeers()

  /// Whose connections begin with a header of the PROXY protocol; nil for nobody's.
  package var proxyProtocolPeers: TrustedPeers?

  /// Where large request bodies are kept.
  package var temporaryDirectory = "/tmp"

  package init() {}

  /// Seconds after which a client that was turned away may try again.
  static let retryAfter: Int64 = 1

  /// An unread request body up to this size is read and dropped, to keep the connection for the next request.
  static let discardLimit: Int64 = 256 << 10

  /// After the last response a connection is half-closed and what still comes in is dropped for at most this
  /// long, so that the client can read the response before a reset reaches it (RFC 9112, section 9.6).
  static let lingerTime = TimeAmount.seconds(2)
}
