import HTTPCore
import HTTPServer
import NIOCore

extension StaticLookup {
  /// Answers with what is in a directory: a page, or JSON for whom prefers that.
  func list(_ directory: RelativePath) {
    let (query, prefersJSON) = exchange.listingRequest
    let order = ListingOrder(query: query)
    let (root, path) = (mount.root, requestPath.bytes)
    let showsHidden = mount.policy.dotfiles == .allow
    let depth = directory.segments.count
    exchange.offload { () -> ByteBuffer? in
      guard let contents = root.contents(of: directory, showsHidden: showsHidden) else { return nil }
      return ByteBuffer(
        bytes: prefersJSON
          ? ListingJSON.body(contents, order)
          : ListingPage(path: path, depth: depth, contents: contents, order: order).html
      )
    } then: { body in
      guard let body else { return exchange.respond(.forbidden, detail: nil) }
      exchange.respond(head(isJSON: prefersJSON), .bytes(body))
    }
  }

  private func head(isJSON: Bool) -> ResponseHead {
    var fields = HeaderBlock()
    let type: StaticString = isJSON ? "application/json" : "text/html; charset=utf-8"
    fields.append(name: "Content-Type", value: type)
    fields.append(name: "Vary", value: "Accept" as StaticString)
    fields.append(name: "Cache-Control", value: "no-cache" as StaticString)
    // Names are strangers' as a rule: whatever got past the escaping would find nothing to run.
    fields.append(name: "X-Content-Type-Options", value: "nosniff" as StaticString)
    fields.append(
      name: "Content-Security-Policy",
      value: "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        as StaticString
    )
    return ResponseHead(status: .ok, fields: fields)
  }
}

extension Exchange {
  fileprivate var listingRequest: (query: [UInt8], prefersJSON: Bool) {
    headBytes.withUnsafeReadableBytes { buffer in
      let bytes = buffer.bytes
      return (head.querySpan?.bytes(in: bytes) ?? [], AcceptedMedia.prefersJSON(head, bytes))
    }
  }
}
