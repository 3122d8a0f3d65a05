import HTTPCore
import HTTPServer

/// Answers from memory, after one look at the file.
extension StaticFileHandler {
  /// - Returns: whether the request was answered. If not, it goes the long way, which finds out why.
  func answerFromMemory(_ exchange: Exchange) -> Bool {
    guard let memory, exchange.head.method == .get || exchange.head.method == .head,
      let span = exchange.head.pathSpan,
      let file = exchange.withBytes(span, { memory.cache.find($0) }),
      let variant = file.variant(for: file.mount.policy.codings.ranked(for: exchange))
    else { return false }
    guard file.isCurrent(variant) else {
      memory.cache.remove(file)
      return false
    }
    if exchange.head.isUnconditional {
      exchange.respond(variant.response)
    } else {
      FileResponse(
        exchange: exchange,
        mount: file.mount,
        path: file.source.path,
        representation: Representation(
          variant.response.content,
          of: variant.sidecar?.stamp.metadata ?? file.source.stamp.metadata,
          coding: variant.coding
        )
      ).send()
    }
    return true
  }
}

extension CachedFile {
  /// Whether a response is what would be made of the files as they are now: one call of the kernel's, two where the form
  /// is a neighbour's, whose file might have changed or gone.
  func isCurrent(_ variant: Variant) -> Bool {
    source.isCurrent(beneath: mount.root) && variant.sidecar?.isCurrent(beneath: mount.root) ?? true
  }
}

extension RequestHead {
  /// Whether all of the content is asked for, whatever the client has of it already.
  fileprivate var isUnconditional: Bool {
    for field in fields {
      switch field.known {
      case .range, .ifRange, .ifMatch, .ifNoneMatch, .ifModifiedSince, .ifUnmodifiedSince: return false
      default: continue
      }
    }
    return true
  }
}
