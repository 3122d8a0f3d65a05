import HTTPCore
import HTTPServer

/// Answers GET and HEAD with files, and refuses other methods on them. What no file answers goes on to the next
/// handler, or is 404, as the route has it.
///
/// All of it happens on the event loop as long as the kernel has what it takes in memory; what needs the disk
/// is done by the server's thread pool.
package final class StaticFileHandler: ExchangeHandler {
  let mounts: [StaticMount]
  /// Nil where nothing is kept.
  let memory: StaticMemory?
  let prefixes: PrefixFilter

  /// - Parameter mounts: the longest prefix that matches a path is the only one that is asked.
  package init(_ mounts: [StaticMount], memory: StaticMemory?) {
    self.mounts = mounts.sorted { $0.specificity > $1.specificity }
    self.memory = memory
    prefixes = PrefixFilter(mounts.map(\.prefix))
  }

  package func handle(_ exchange: Exchange) {
    if answerFromMemory(exchange) { return }
    guard let span = exchange.head.pathSpan else { return exchange.decline() }
    let path: RequestPath
    do throws(RequestPathFault) {
      path = try exchange.withBytes(span) { bytes throws(RequestPathFault) in try RequestPath(bytes.bytes) }
    } catch {
      // Above the root there is nothing, for anybody (nginx answers the same). The rest may mean something to
      // the application.
      guard error == .aboveRoot else { return exchange.decline() }
      return exchange.reject(HTTPRejection(.badRequest, "the path climbs above the root"))
    }
    guard let mount = route(path), let target = mount.target(of: path) else { return exchange.decline() }
    StaticLookup(exchange: exchange, mount: mount, requestPath: path, memory: memory).find(target)
  }

  /// Nothing is done in the background any more.
  package func close() { memory?.close() }

  /// The route that a path belongs to.
  func route(_ path: RequestPath) -> StaticMount? {
    mounts.first { $0.prefix.remainder(of: path) != nil }
  }
}
