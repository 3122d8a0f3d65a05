import HTTPCore
import HTTPServer

/// Files that only applications can have sent: `X-Accel-Redirect` and `X-Sendfile`, into directories that are named for it.
package final class InternalFiles: InternalFileHandler {
  private let mounts: [StaticMount]

  package init(_ mounts: [StaticMount]) {
    self.mounts = mounts.sorted { $0.specificity > $1.specificity }
  }

  /// As in nginx, the application's fields about the content and its cookies go out; its status and body don't.
  package func handle(_ exchange: Exchange, _ target: InternalTarget, _ head: ResponseHead) {
    let places = locate(target)
    guard !places.isEmpty else {
      exchange.logger.error(
        "\(exchange.title): the application asked for \(target.text), which is beneath no directory of --internal"
      )
      return exchange.respond(.notFound, detail: nil)
    }
    let fields = head.fields.keeping(Self.keptFields)
    exchange.offload {
      Self.open(places)
    } then: { found, place in
      Self.answer(exchange, found, target, place, fields)
    }
  }

  private static let keptFields: Set<KnownField> = [
    .contentType, .contentLanguage, .contentDisposition, .cacheControl, .expires, .setCookie, .vary, .link,
  ]

  private typealias Place = (mount: StaticMount, path: RelativePath)

  /// The first that is there; the last, if none is.
  private static func open(_ places: [Place]) -> (found: StaticLookup.Found, place: Place?) {
    var found = (StaticLookup.Found.nothing, nil as Place?)
    for place in places {
      found = (place.mount.root.open(place.path).found(), place)
      guard case .nothing = found.0 else { break }
    }
    return found
  }

  /// Where the file may be.
  private func locate(_ target: InternalTarget) -> [Place] {
    switch target {
    case .path(let raw):
      let path = raw.prefix { $0 != UInt8(ascii: "?") }
      guard let decoded = try? RequestPath(Array(path).span.bytes) else { return [] }
      for mount in mounts {
        if let rest = mount.prefix.remainder(of: decoded) { return [(mount, rest)] }
      }
    case .file(let names):
      return names.compactMap { name in
        for mount in mounts {
          if let rest = mount.root.relativePath(ofFile: name) { return (mount, rest) }
        }
        return nil
      }
    }
    return []
  }

  private static func answer(
    _ exchange: Exchange,
    _ found: StaticLookup.Found,
    _ target: InternalTarget,
    _ place: Place?,
    _ fields: HeaderBlock
  ) {
    switch (found, place) {
    case (.file(let file, let metadata), let (mount, path)?):
      FileResponse(
        exchange: exchange,
        mount: mount,
        path: path,
        representation: Representation(file, metadata),
        contentFields: fields
      ).send()
    case (.exhausted, _):
      exchange.logger.error("\(exchange.requestID): no file descriptor is left for \(target.text)")
      exchange.respond(.serviceUnavailable, detail: nil)
    case (.failed(let reason), _):
      exchange.logger.error("\(exchange.requestID): \(target.text) could not be opened: \(reason)")
      exchange.respond(.internalServerError, detail: nil)
    default:
      exchange.logger.error(
        "\(exchange.title): the application asked for \(target.text), which is no file that can be read"
      )
      exchange.respond(.notFound, detail: nil)
    }
  }
}

extension InternalTarget {
  /// The field as the application has sent it.
  fileprivate var text: String {
    switch self {
    case .path(let bytes): "X-Accel-Redirect: \(String(decoding: bytes, as: UTF8.self))"
    case .file(let names): "X-Sendfile: \(String(decoding: names.last ?? [], as: UTF8.self))"
    }
  }
}
