import HTTPCore

/// What the fields of a response say that decides whether it may be coded.
struct ResponseTraits {
  private var isTransformable = true
  private var contentType: [UInt8]?

  init(_ head: ResponseHead) {
    // Of a part, the coded form would be no part of the coded whole (RFC 9110, section 14.2).
    guard head.status != .partialContent, !head.fields.hasContentEncoding else {
      isTransformable = false
      return
    }
    head.fields.forEachField { known, value in
      switch known {
      case .contentType: contentType = value.withUnsafeBytes { Array($0) }
      case .contentRange: isTransformable = false
      // RFC 9111, section 5.2.2.6
      case .cacheControl where FieldList.contains(value, token: "no-transform"): isTransformable = false
      // A digest is of the content, or of the representation, as it is sent (RFC 9530; Content-MD5 was RFC 2616's):
      // whoever sends one wants exactly these bytes to arrive.
      case .contentDigest, .reprDigest, .digest, .contentMD5: isTransformable = false
      default: break
      }
    }
  }

  /// - Parameter isNotModified: Of a 304, which seldom names the type, it may be of any.
  func allowCoding(by types: MediaTypePatterns, isNotModified: Bool) -> Bool {
    guard isTransformable else { return false }
    return contentType.map { types.match($0.span.bytes) } ?? isNotModified
  }
}
