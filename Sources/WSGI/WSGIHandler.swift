import HTTPCore
import HTTPServer

/// Answers requests with the applications, each under its prefix: the longest that matches a path wins.
package final class WSGIHandler: ExchangeHandler {
  private let applications: [WSGIApplication]
  /// Indices of `applications`, the longest prefix first.
  private let order: [Int]
  private let queue: WorkQueue

  package init(_ workers: PythonWorkers, _ applications: [WSGIApplication]) {
    queue = workers.queue
    self.applications = applications
    order = applications.indices.sorted { applications[$0].prefix.count > applications[$1].prefix.count }
  }

  package func handle(_ exchange: Exchange) {
    guard let index = index(for: exchange) else { return exchange.decline() }
    exchange.applicationIndex = index
    if exchange.hasNoBody {
      exchange.handOver(to: queue)
    } else if applications[index].streamsRequests {
      exchange.streamBody()
      exchange.handOver(to: queue)
    } else {
      // The application starts when the body is whole: a slow upload holds no Python thread.
      exchange.collectBody { [queue] in $0.handOver(to: queue) }
    }
  }

  private func index(for exchange: Exchange) -> Int? {
    guard let span = exchange.head.pathSpan else {
      // `OPTIONS *` is for the server as a whole: for the application that is under "/", if there is one.
      return order.first { applications[$0].prefix.isEmpty }
    }
    if order.count == 1, applications[order[0]].prefix.isEmpty { return order[0] }
    return exchange.withBytes(span) { bytes in
      guard bytes.contains(ASCII.percent) else { return match(bytes) }
      var decoded: [UInt8] = []
      _ = PercentCoding.decode(bytes.bytes, into: &decoded)
      return decoded.withUnsafeBytes { match($0) }
    }
  }

  private func match(_ path: UnsafeRawBufferPointer) -> Int? {
    order.first { index in
      let prefix = applications[index].prefix
      guard path.starts(with: prefix) else { return false }
      // On the boundary of a segment only.
      return prefix.isEmpty || path.count == prefix.count || path[prefix.count] == ASCII.slash
    }
  }
}
