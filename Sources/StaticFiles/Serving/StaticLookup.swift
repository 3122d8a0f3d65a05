import HTTPCore
import HTTPServer

/// Finds what answers one request: a file, the index of a directory, a redirect, or nothing.
struct StaticLookup: Sendable {
  let exchange: Exchange
  let root: FileRoot
  let requestPath: RequestPath

  private static let index = "index.html"

  func find(_ path: RelativePath) {
    open(path) { found in
      switch found {
      case .file where !isRead: refuseMethod()
      case _ where !isRead: exchange.decline()
      case .directory: findIndex(of: path)
      case let found: answer(found, path)
      }
    }
  }

  private var isRead: Bool { exchange.head.method == .get || exchange.head.method == .head }

  private func refuseMethod() {
    exchange.respond(.methodNotAllowed, detail: nil) {
      $0.append(name: "Allow", value: "GET, HEAD" as StaticString)
    }
  }

  private func findIndex(of directory: RelativePath) {
    let index = directory.appending(Self.index)
    open(index) { found in
      guard case .file = found, !requestPath.endsWithSlash else {
        // A directory called index.html is no answer.
        if case .directory = found { return exchange.decline() }
        return answer(found, index)
      }
      redirectToDirectory()
    }
  }

  private func answer(_ found: Found, _ path: RelativePath) {
    switch found {
    case .file(let file, let metadata):
      FileResponse(exchange: exchange, file: file, metadata: metadata, path: path).send()
    case .directory, .nothing: exchange.decline()
    case .forbidden: exchange.respond(.forbidden, detail: nil)
    case .exhausted:
      exchange.logger.error("\(exchange.requestID): no file descriptor is left for a static file")
      exchange.respond(.serviceUnavailable, detail: nil)
    case .failed(let reason):
      exchange.logger.error("\(exchange.requestID): a static file could not be opened: \(reason)")
      exchange.respond(.internalServerError, detail: nil)
    }
  }

  /// Relative links in the index would mean something else without the slash at the end.
  private func redirectToDirectory() {
    var location = requestPath.directoryLocation
    if let query = exchange.head.querySpan {
      location.append(UInt8(ascii: "?"))
      exchange.withBytes(query) { location.append(contentsOf: $0) }
    }
    var head = ResponseHead(status: .movedPermanently)
    head.fields.append(name: "Location", value: location)
    exchange.respond(head, .none)
  }
}

// MARK: - Opening

extension StaticLookup {
  /// What is behind a path, as far as an answer depends on it.
  enum Found: Sendable {
    case file(OpenFile, FileMetadata)
    case directory
    /// Nothing, or nothing that is ever served.
    case nothing
    case forbidden
    case exhausted
    case failed(String)
  }

  /// Opens on the loop what is in the kernel's memory, and elsewhere what is not. `receiver` is called on the loop.
  private func open(_ path: RelativePath, _ receiver: @escaping @Sendable (Found) -> Void) {
    if let found = Found(root.openFromCache(path)) { return receiver(found) }
    let root = self.root
    exchange.offload {
      root.open(path).found()
    } then: {
      receiver($0)
    }
  }
}

extension FileResolution {
  /// Where it was allowed to wait.
  consuming func found() -> StaticLookup.Found {
    // Only `openFromCache` says "would block".
    StaticLookup.Found(self) ?? .failed("the kernel is busy")
  }
}

extension StaticLookup.Found {
  /// Nil where it takes a thread that may wait.
  fileprivate init?(_ resolution: consuming FileResolution) {
    switch consume resolution {
    case .file(let descriptor, let metadata):
      self = .file(OpenFile(owning: descriptor.release()), metadata)
    case .directory: self = .directory
    case .notFound: self = .nothing
    case .notRegular: self = .nothing
    case .forbidden: self = .forbidden
    case .exhausted: self = .exhausted
    case .failed(let code): self = .failed(errorText(code))
    case .wouldBlock: return nil
    }
  }
}
