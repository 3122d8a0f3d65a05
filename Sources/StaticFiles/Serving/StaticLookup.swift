import Glibc
import HTTPCore
import HTTPServer

/// Finds what answers one request: a file, the index of a directory, a redirect, or nothing.
struct StaticLookup: Sendable {
  let exchange: Exchange
  let mount: StaticMount
  let requestPath: RequestPath
  /// Nil where nothing is kept.
  let memory: StaticMemory?

  /// - Parameter path: what the request asks for, beneath the root.
  func find(_ path: RelativePath) {
    // What a route is for alone was named by whoever set it up.
    if mount.file == nil, mount.policy.dotfiles != .allow, path.isHidden {
      return mount.policy.dotfiles == .deny ? exchange.respond(.forbidden, detail: nil) : nothing()
    }
    if mount.policy.tries.isEmpty {
      findPlain(path)
    } else {
      findFirst(of: mount.policy.tries[...], path)
    }
  }

  var isRead: Bool { exchange.head.method == .get || exchange.head.method == .head }

  private func findPlain(_ path: RelativePath) {
    open(path) { found in
      switch found {
      case .file(let file, let metadata): answer(file, metadata, path, isFirstChoice: true)
      case .directory: findIndex(of: path)
      default: answer(found)
      }
    }
  }

  /// The first of the patterns that there is a file or a directory for.
  private func findFirst(of patterns: ArraySlice<TryPattern>, _ path: RelativePath) {
    guard let pattern = patterns.first else { return nothing() }
    let candidate = pattern.path(for: path)
    let isFirst = patterns.count == mount.policy.tries.count
    open(candidate) { found in
      switch found {
      case .file(let file, let metadata): answer(file, metadata, candidate, isFirstChoice: isFirst)
      case .directory where pattern.isDirectory: findIndex(of: candidate)
      case .directory, .nothing: findFirst(of: patterns.dropFirst(), path)
      default: answer(found)
      }
    }
  }

  /// - Parameter isFirstChoice: Whether nothing else would have been answered with, had it been there.
  private func answer(
    _ file: OpenFile,
    _ metadata: FileMetadata,
    _ path: RelativePath,
    isFirstChoice: Bool
  ) {
    guard isRead else { return refuseMethod() }
    respond(with: file, metadata, path, isFirstChoice: isFirstChoice)
  }

  /// The one place where a file that was found becomes a response.
  private func respond(
    with file: OpenFile,
    _ metadata: FileMetadata,
    _ path: RelativePath,
    status: HTTPStatus = .ok,
    vary: StaticString? = nil,
    isFirstChoice: Bool = false
  ) {
    let choice = FormChoice(
      exchange: exchange,
      mount: mount,
      memory: memory,
      file: file,
      metadata: metadata,
      path: path
    )
    choice.choose(open: open) { chosen in
      FileResponse(
        exchange: exchange,
        mount: mount,
        path: path,
        representation: isFirstChoice ? kept(chosen, file, metadata, path) : chosen.representation,
        status: status,
        vary: vary
      ).send()
    }
  }

  /// Keeps a form for the next request, where that is likely to come.
  private func kept(
    _ chosen: FormChoice.Chosen,
    _ file: OpenFile,
    _ metadata: FileMetadata,
    _ path: RelativePath
  ) -> Representation {
    guard let memory, isRead, let span = exchange.head.pathSpan,
      // What has escapes or dot segments in it could be spelt in many ways, and fill the memory with one file.
      exchange.withBytes(span, { $0.elementsEqual(requestPath.bytes) })
    else { return chosen.representation }
    let key = requestPath.bytes
    return memory.keep(chosen, of: file, metadata, at: path, in: mount, for: key, exchange.headWriter)
  }

  private func refuseMethod() {
    let allow = mount.policy.allow
    guard exchange.head.method == .options, mount.policy.answersOptions else {
      return exchange.respond(.methodNotAllowed, detail: nil) { $0.append(name: "Allow", value: allow) }
    }
    var head = ResponseHead(status: .noContent)
    head.fields.append(name: "Allow", value: allow)
    exchange.respond(head, .none)
  }

  private func answer(_ found: Found) {
    switch found {
    case .file, .directory, .nothing: nothing()
    case .forbidden where !isRead: nothing()
    case .forbidden: exchange.respond(.forbidden, detail: nil)
    case .exhausted:
      exchange.logger.error("\(exchange.requestID): no file descriptor is left for a static file")
      exchange.respond(.serviceUnavailable, detail: nil)
    case .failed(let reason):
      exchange.logger.error("\(exchange.requestID): a static file could not be opened: \(reason)")
      exchange.respond(.internalServerError, detail: nil)
    }
  }
}

// MARK: - Directories

extension StaticLookup {
  private func findIndex(of directory: RelativePath) {
    guard isRead else {
      // The application may have something there; where there is none, the directory alone counts.
      if case .fallThrough = mount.policy.missing { return exchange.decline() }
      return refuseMethod()
    }
    findIndex(of: directory, mount.policy.index[...])
  }

  private func findIndex(of directory: RelativePath, _ names: ArraySlice<String>) {
    guard let name = names.first else {
      guard mount.policy.listsDirectories else { return nothing() }
      return requestPath.endsWithSlash ? list(directory) : redirect(to: directory)
    }
    let index = directory.appending(name)
    let isFirst = names.count == mount.policy.index.count && mount.policy.tries.isEmpty
    open(index) { found in
      switch found {
      case .file where !requestPath.endsWithSlash: redirect(to: directory)
      case .file(let file, let metadata): answer(file, metadata, index, isFirstChoice: isFirst)
      // A directory called index.html is no answer.
      case .nothing, .directory: findIndex(of: directory, names.dropFirst())
      default: answer(found)
      }
    }
  }

  /// Relative links in the index would mean something else without the slash at the end.
  private func redirect(to directory: RelativePath) {
    // A trusted proxy may have taken a prefix off; it is checked to be a path that names no other host.
    var location = PercentCoding.encodePath(exchange.forwarded?.prefix ?? []) + requestPath.directoryLocation
    if let query = exchange.head.querySpan {
      location.append(UInt8(ascii: "?"))
      exchange.withBytes(query) { location.append(contentsOf: $0) }
    }
    var head = ResponseHead(status: .movedPermanently)
    head.fields.append(name: "Location", value: location)
    mount.policy.appendFields(to: &head.fields, for: directory, now: Int64(time(nil)))
    mount.policy.appendNosniff(to: &head.fields)
    exchange.respond(head, .none)
  }
}

// MARK: - Nothing found

extension StaticLookup {
  private func nothing() {
    guard let fallback = mount.policy.fallback, isRead, exchange.isNavigation else { return missing() }
    open(fallback) { found in
      guard case .file(let file, let metadata) = found else { return missing() }
      respond(with: file, metadata, fallback, vary: navigationFields)
    }
  }

  /// For caches, what it turns on whether there is an answer; nil where it turns on nothing.
  private var navigationFields: StaticString? {
    mount.policy.fallback == nil ? nil : "Accept, Sec-Fetch-Mode"
  }

  private func missing() {
    switch mount.policy.missing {
    case .fallThrough: exchange.decline()
    case .notFound(page: nil): respondNotFound()
    case .notFound(let page?):
      open(page) { found in
        guard case .file(let file, let metadata) = found else { return respondNotFound() }
        respond(with: file, metadata, page, status: .notFound, vary: navigationFields)
      }
    }
  }

  private func respondNotFound() {
    exchange.respond(.notFound, detail: nil) {
      if let vary = navigationFields { $0.append(name: "Vary", value: vary) }
      mount.policy.appendNosniff(to: &$0)
    }
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
  @Sendable
  private func open(_ path: RelativePath, _ receiver: @escaping @Sendable (Found) -> Void) {
    if let found = Found(mount.root.openFromCache(path)) { return receiver(found) }
    let root = mount.root
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
