import ContentCoding
import HTTPCore
import HTTPServer
import Logging
import NIOCore
import Settings
import WSGI

extension Settings {
  func serverConfiguration(trusting proxies: TrustedPeers) -> ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.limits.requestLine = limits.requestLine
    configuration.limits.fieldCount = limits.requestFields
    configuration.limits.fieldSize = limits.requestFieldSize
    configuration.limits.headSize = max(limits.requestHead.bytes, limits.requestFieldSize + 2)
    configuration.limits.trailerSize = limits.trailers.bytes
    configuration.limits.chunkExtensions = limits.chunkExtensions.bytes
    configuration.limits.bodySize = Int64(limits.requestBody.bytes)
    configuration.pipelineBuffer = limits.pipelineBuffer.bytes
    configuration.bodyBuffer = limits.bodyBuffer.bytes
    configuration.responseBuffer = limits.responseBuffer.bytes
    configuration.keepAlive = TimeAmount(timeouts.keepAlive.duration)
    configuration.headerTimeout = TimeAmount(timeouts.header.duration)
    configuration.bodyTimeout = TimeAmount(timeouts.body.duration)
    configuration.sendTimeout = TimeAmount(timeouts.send.duration)
    configuration.trustedProxies = proxies
    configuration.underscoredNames = UnderscoredNames(server.headerMap)
    configuration.connectionLimit = limits.connections
    configuration.clientConnectionLimit = limits.connectionsPerClient
    configuration.requestsPerConnection = limits.requestsPerConnection
    configuration.minimumRate = limits.minimumRate.bytes
    configuration.rateLimit = limits.rate.map { rate in
      RateLimit(
        interval: rate.period.nanoseconds / UInt64(rate.count),
        burst: rate.burst,
        field: limits.rateField.map { Array($0.description.utf8) }
      )
    }
    if self.proxies.usesProxyProtocol {
      configuration.proxyProtocolPeers = TrustedPeers(self.proxies.proxyProtocol)
    }
    configuration.temporaryDirectory = Environment.temporaryDirectory
    return configuration
  }
}

extension Settings {
  /// As Gunicorn has it: the option, then the variable, then this machine.
  func trustedProxies() throws(StartError) -> TrustedPeers {
    if let list = proxies.forwarding { return TrustedPeers(list) }
    return TrustedPeers(try Environment.forwardedAllowIPs() ?? .local)
  }

  var workLimits: WorkLimits {
    WorkLimits(
      threads: server.threads,
      waiting: limits.queue,
      waitingTime: timeouts.queue.duration.nanoseconds
    )
  }
}

extension Settings {
  /// Nil where nothing of the application's is compressed.
  var compressionPolicy: CompressionPolicy? {
    compression.codings.map { list in
      CompressionPolicy(
        offers: list.elements.map { CompressionPolicy.Offer(Coding($0.coding), level: $0.level) },
        types: MediaTypePatterns(compression.types.patterns),
        minimumSize: compression.minimumSize.bytes
      )
    }
  }
}

extension Coding {
  init(_ name: CompressionList.Coding) {
    switch name {
    case .brotli: self = .brotli
    case .zstd: self = .zstd
    case .gzip: self = .gzip
    }
  }
}

extension UnderscoredNames {
  fileprivate init(_ map: HeaderMap) {
    self =
      switch map {
      case .drop: .drop
      case .refuse: .refuse
      case .dangerous: .map
      }
  }
}

extension TrustedPeers {
  init(_ list: PeerList) {
    self.init(
      blocks: list.blocks.compactMap { AddressBlock($0) },
      includesUnixSockets: list.includesUnixSockets,
      includesAll: list.includesAll
    )
  }
}

extension Environment {
  /// `$FORWARDED_ALLOW_IPS`, where it is set.
  fileprivate static func forwardedAllowIPs() throws(StartError) -> PeerList? {
    guard let text = all["FORWARDED_ALLOW_IPS"] else { return nil }
    do throws(InvalidValue) {
      return try PeerList(parsing: text)
    } catch {
      throw StartError("the variable FORWARDED_ALLOW_IPS can't be used: \(error)")
    }
  }
}

extension Duration {
  var nanoseconds: UInt64 {
    UInt64(components.seconds) * 1_000_000_000 + UInt64(components.attoseconds / 1_000_000_000)
  }
}

extension BindAddress {
  var listenAddress: ListenAddress {
    switch self {
    case .tcp(let host, let port): .tcp(host: host, port: port)
    case .unix(let path): .unix(path: path)
    case .fileDescriptor(let number): .fileDescriptor(number)
    }
  }
}

extension LogLevel {
  var loggerLevel: Logger.Level {
    switch self {
    case .debug: .debug
    case .info: .info
    case .warning: .warning
    case .error: .error
    case .critical: .critical
    }
  }
}
