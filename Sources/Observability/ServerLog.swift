import Glibc
import Logging

/// Server messages in Gunicorn's form: `[2026-11-22 19:04:00 +0000] [4711] [INFO] Listening at: …`
package struct ServerLog: LogHandler {
  private let sink: LogSink
  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]

  package init(_ sink: LogSink, level: Logger.Level) {
    self.sink = sink
    logLevel = level
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    sink.write("\(LocalTime.now.logPrefix) [\(getpid())] [\(Self.name(event.level))] \(event.message)".utf8)
  }

  private static func name(_ level: Logger.Level) -> String {
    switch level {
    case .trace, .debug: "DEBUG"
    case .info, .notice: "INFO"
    case .warning: "WARNING"
    case .error: "ERROR"
    case .critical: "CRITICAL"
    }
  }
}
