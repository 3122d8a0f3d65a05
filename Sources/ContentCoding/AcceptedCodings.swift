import HTTPCore

/// What a client says of content codings, by its `Accept-Encoding` fields (RFC 9110, section 12.5.3).
///
///     Accept-Encoding  = #( codings [ weight ] )
///     codings          = content-coding / "identity" / "*"
///
/// One pass over fields that the limits of the request head bound. Where a coding is named twice, the first counts.
package struct AcceptedCodings: Sendable, Equatable {
  // Weights in thousandths; nil for what is not named.
  private var brotli, zstd, gzip, identity, others: Int?

  /// Without the field any coding would be acceptable; but who says nothing of codings rarely decodes any.
  package init() {}

  /// - Parameter bytes: Those that the spans of the head are relative to.
  package init(_ head: RequestHead, _ bytes: RawSpan) {
    for field in head.fields where field.known == .acceptEncoding {
      var list = FieldList(field.value)
      while let element = list.next(in: bytes) {
        let name = QualityValue.subject(bytes, element)
        note(bytes, name, QualityValue(bytes, parameters: name.upperBound..<element.upperBound).thousandths)
      }
    }
  }

  private mutating func note(_ bytes: RawSpan, _ name: Range<Int>, _ weight: Int) {
    if bytes.equalsIgnoringCase(name, "gzip") || bytes.equalsIgnoringCase(name, "x-gzip") {
      gzip = gzip ?? weight
    } else if bytes.equalsIgnoringCase(name, "br") {
      brotli = brotli ?? weight
    } else if bytes.equalsIgnoringCase(name, "zstd") {
      zstd = zstd ?? weight
    } else if bytes.equalsIgnoringCase(name, "identity") {
      identity = identity ?? weight
    } else if bytes.equals(name, "*") {
      others = others ?? weight
    }
  }

  /// In thousandths; 0 for what is not acceptable.
  package func weight(of coding: Coding) -> Int {
    let named =
      switch coding {
      case .brotli: brotli
      case .zstd: zstd
      case .gzip: gzip
      }
    return named ?? others ?? 0
  }

  /// Content without a coding is not acceptable: by `identity;q=0`, or by `*;q=0` and no word of it.
  package var refusesIdentity: Bool { (identity ?? others) == 0 }

  /// The codings that the client accepts and does not like less than identity, the best first; of equals the first one.
  package func ranked(_ codings: [Coding]) -> [Coding] {
    let least = max(identity ?? 0, 1)
    return codings.enumerated().map { (position: $0, coding: $1, weight: weight(of: $1)) }
      .filter { $0.weight >= least }
      .sorted { ($1.weight, $0.position) < ($0.weight, $1.position) }
      .map(\.coding)
  }

  /// The coding that the client likes best, of equals the first one; nil for none.
  ///
  /// Identity is chosen where the client prefers it expressly, and where it accepts nothing else. It may have refused
  /// that, too: then it gets what there is (RFC 9110, section 12.4.1), which is of more use than a 406.
  package func choose(from codings: [Coding]) -> Coding? {
    var best: Coding?
    var bestWeight = max((identity ?? 0) - 1, 0)
    for coding in codings {
      let weight = weight(of: coding)
      guard weight > bestWeight else { continue }
      best = coding
      bestWeight = weight
    }
    return best
  }
}
