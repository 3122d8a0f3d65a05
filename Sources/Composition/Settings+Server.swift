import HTTPCore
import HTTPServer
import Logging
import NIOCore
import Settings

extension Settings {
  var serverConfiguration: ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.limits.requestLine = limits.requestLine
    configuration.limits.fieldCount = limits.requestFields
    configuration.limits.fieldSize = limits.requestFieldSize
    configuration.limits.headSize = max(configuration.limits.headSize, limits.requestFieldSize + 2)
    configuration.limits.bodySize = Int64(limits.requestBody.bytes)
    configuration.bodyBuffer = limits.bodyBuffer.bytes
    configuration.responseBuffer = limits.responseBuffer.bytes
    configuration.keepAlive = TimeAmount(timeouts.keepAlive.duration)
    configuration.headerTimeout = TimeAmount(timeouts.header.duration)
    configuration.bodyTimeout = TimeAmount(timeouts.body.duration)
    configuration.sendTimeout = TimeAmount(timeouts.send.duration)
    configuration.temporaryDirectory = Environment.temporaryDirectory
    return configuration
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
